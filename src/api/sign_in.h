/*
 * sign_in.h - the routes that check passwords and codes.
 *
 * Inside the room only: handlers of api_routes_accounts.
 */
#ifndef KG_API_SIGN_IN_H
#define KG_API_SIGN_IN_H

struct api_call;

/* sign_in.c */
void sign_in_visit(struct api_call *call);
void sign_in_again_visit(struct api_call *call);
/* invitation.c */
void invitation_accept_visit(struct api_call *call);
void invitation_confirm_visit(struct api_call *call);

#endif
