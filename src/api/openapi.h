/*
 * openapi.h - the table of routes as an OpenAPI 3.1 document.
 *
 * Inside the room only. GET /api/v1/openapi.json answers with it, to everybody; a
 * system test holds every exchange against it.
 *
 * Ownership: the caller frees the text.
 */
#ifndef KG_API_OPENAPI_H
#define KG_API_OPENAPI_H

char *api_openapi_document(const char *base_url);

#endif
