/*
 * weak.h - passwords as they are typed: one form of each, and none that is guessed.
 *
 * Inside the room only. NIST SP 800-63B section 5.1.1.2: a list instead of rules about
 * digits and signs.
 *
 * Ownership: the caller's storage everywhere.
 */
#ifndef KG_SIGN_WEAK_H
#define KG_SIGN_WEAK_H

/*
 * Joins the accents of Latin letters with them, as NFC does: some keyboards write "å"
 * as "a" and a ring. In place; other scripts stay as they are.
 */
void weak_compose(char *text);
/*
 * Why a new password cannot be taken, for kg.api_password_refuse(): "guessed", "mail",
 * "accent". NULL: it can. `mail` is who wants it; NULL: not known.
 */
const char *weak_why(const char *password, const char *mail);

#endif
