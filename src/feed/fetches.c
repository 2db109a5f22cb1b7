#include "feed/fetches.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/feed.h"

enum { FETCHES_MOST = 4096, SLOTS = 8192, MINUTE_S = 60, WRITE_MS = 60000 };

struct feed_fetches {
	struct pg_pool		*pool;
	struct loop_event	*timer;		/* NULL: nobody's any more */
	int			 under_way;	/* writes */
	void			(*done)(void *arg);	/* of a flush, or NULL */
	void			*arg;
	size_t			 count;
	struct store_fetch	 fetch[FETCHES_MOST];
	uint16_t		 slot[SLOTS];	/* index + 1; 0: free */
};

/* The first that fits; some name another one as well, so the order matters. */
static const struct {
	const char	*part, *family;
} families[] = {
	{ "Google-Calendar", "google" }, { "Googlebot", "google" },
	{ "google", "google" },
	{ "dataaccessd", "apple" }, { "CalendarAgent", "apple" },
	{ "calaccessd", "apple" }, { "remindd", "apple" }, { "iOS/", "apple" },
	{ "macOS/", "apple" },
	{ "Outlook", "outlook" }, { "Exchange", "outlook" },
	{ "Microsoft", "outlook" },
	{ "Thunderbird", "thunderbird" },
	{ "ICSx5", "icsx5" }, { "DAVx5", "icsx5" },
	{ "Nextcloud", "nextcloud" }, { "HomeAssistant", "homeassistant" },
	{ "Home Assistant", "homeassistant" }, { "vdirsyncer", "vdirsyncer" },
	{ "khal", "vdirsyncer" }, { "Proton", "proton" }, { "curl/", "curl" },
	{ "Mozilla/", "browser" },
};

const char *
feed_client_family(const char *user_agent)
{
	size_t i;

	if (user_agent == NULL)
		return "unknown";
	for (i = 0; i < ARRAY_LEN(families); i++)
		if (strstr(user_agent, families[i].part) != NULL)
			return families[i].family;
	return "other";
}

static void
written(void *arg)
{
	struct feed_fetches *fetches = arg;
	void (*done)(void *arg) = fetches->done;

	if (--fetches->under_way > 0)
		return;
	fetches->done = NULL;
	if (fetches->timer == NULL)
		free(fetches);
	else if (done != NULL)
		done(fetches->arg);
}

void
feed_fetches_write(struct feed_fetches *fetches)
{
	if (fetches->count == 0)
		return;
	fetches->under_way++;
	store_feed_fetched(fetches->pool, fetches->fetch, fetches->count,
	    written, fetches);
	fetches->count = 0;
	memset(fetches->slot, 0, sizeof(fetches->slot));
}

void
feed_fetches_flush(struct feed_fetches *fetches, void (*done)(void *arg),
    void *arg)
{
	feed_fetches_write(fetches);
	if (fetches->under_way == 0) {
		done(arg);
		return;
	}
	fetches->done = done;
	fetches->arg = arg;
}

static void
minute_fn(enum loop_what what, void *arg)
{
	(void)what;
	feed_fetches_write(arg);
}

struct feed_fetches *
feed_fetches_new(struct loop *loop, struct pg_pool *pool)
{
	struct feed_fetches *fetches = xcalloc(1, sizeof(*fetches));

	fetches->pool = pool;
	fetches->timer = loop_timer_new(loop, minute_fn, fetches);
	return fetches;
}

void
feed_fetches_free(struct feed_fetches *fetches)
{
	loop_event_free(fetches->timer);
	fetches->timer = NULL;
	if (fetches->under_way == 0)
		free(fetches);
}

static struct store_fetch *
fetch_get(struct feed_fetches *fetches, int64_t token_id)
{
	uint64_t i = (uint64_t)token_id * UINT64_C(0x9e3779b97f4a7c15) >> 51;

	for (; fetches->slot[i % SLOTS] != 0; i++)
		if (fetches->fetch[fetches->slot[i % SLOTS] - 1].token_id ==
		    token_id)
			return &fetches->fetch[fetches->slot[i % SLOTS] - 1];
	fetches->fetch[fetches->count].token_id = token_id;
	fetches->slot[i % SLOTS] = (uint16_t)++fetches->count;
	return &fetches->fetch[fetches->count - 1];
}

void
feed_fetches_note(struct feed_fetches *fetches, int64_t token_id, int64_t at_s,
    const char *user_agent)
{
	struct store_fetch *fetch;

	if (fetches->count == FETCHES_MOST)
		feed_fetches_write(fetches);
	if (fetches->count == 0)
		loop_timer_arm(fetches->timer, WRITE_MS);
	fetch = fetch_get(fetches, token_id);
	fetch->at_s = (at_s + MINUTE_S / 2) / MINUTE_S * MINUTE_S;
	fetch->client = feed_client_family(user_agent);
}
