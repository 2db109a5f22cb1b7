/*
 * sign_in.h - the routes that check passwords and codes.
 *
 * Inside the room only: the handler of those rows of api_routes_accounts.
 */
#ifndef KG_API_SIGN_IN_H
#define KG_API_SIGN_IN_H

struct api_call;

void sign_in_visit(struct api_call *call);

#endif
