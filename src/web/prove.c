/*
 * Passwords, codes, invitations, links:  visit_prove -> (src/sign) -> ended
 */
#include <string.h>

#include "base/mem.h"
#include "web/visit.h"

static bool
waits(void *arg)
{
	const struct visit *visit = arg;

	return visit->request != NULL;
}

static void
ended(const struct sign_end *end, void *arg)
{
	struct visit *visit = arg;

	if (!visit_is_here(visit))
		return;
	switch (end->result) {
	case SIGN_TOO_MANY:
		visit_too_many(visit, (long)end->retry_s);
		return;
	case SIGN_BUSY:
		visit_busy(visit, (int)end->retry_s);
		return;
	case SIGN_FAULT:
	case SIGN_GONE:
		visit_error(visit, 500, "", page_fault);
		return;
	case SIGN_SAID:
		if (!visit_answered(visit, end->answer))
			return;
		break;
	case SIGN_DONE:
		if (end->cookie != NULL)
			visit_set_cookie(visit, end->cookie);
		break;
	case SIGN_WRONG:
		break;
	}
	visit->proved(visit, end);
}

void
visit_prove(struct visit *visit, enum sign_step step,
    const struct sign_wish *what, visit_proved_fn *proved)
{
	struct sign_wish wish = *what;

	wish.step = step;
	wish.address = http_request_address(visit->request);
	wish.bearer_hex = *visit->cookie_hex == '\0' ? NULL :
	    visit->cookie_hex;
	wish.client = http_request_field(visit->request, "user-agent");
	wish.by_cookie = true;
	visit->proved = proved;
	sign_begin(visit->web->sign, &wish, waits, ended, visit);
}
