/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog_live.h"

#include <stdlib.h>
#include <utlist.h>

#include "sim/alloc.h"
#include "sim/check.h"

#undef uthash_malloc
#define uthash_malloc(size) alloc_zeroed(size)

#define NAME_MOST 255
#define KEY_MOST (3 * (NAME_MOST + 1))

#define HOUR (3600 * SIM_SECOND)

/*
 * How long a message may be silent. Born: an SMTP transaction in progress, or a crowded incoming
 * queue; later lines can still tell the arrival by their delay=. Queued: far beyond any
 * maximal_backoff_time in use, with room for a hold. Left: what syslog daemons put out of order.
 */
static const sim_time patience[LIVE_STATE_COUNT] = {
    [LIVE_BORN] = 4 * HOUR,
    [LIVE_QUEUED] = 30 * 24 * HOUR,
    [LIVE_LEFT] = 5 * SIM_SECOND,
};

/* Appends a name and a NUL to the key. */
static size_t key_add(char *key, size_t length, struct span name)
{
    REQUIRE(name.length <= NAME_MOST);
    memcpy(key + length, name.text, name.length);
    key[length + name.length] = '\0';
    return length + name.length + 1;
}

static size_t key_make(char key[KEY_MOST], struct span host, struct span instance,
                       struct span queue_id)
{
    return key_add(key, key_add(key, key_add(key, 0, host), instance), queue_id);
}

struct live *live_find(const struct live_table *table, struct span host, struct span instance,
                       struct span queue_id)
{
    char key[KEY_MOST];
    size_t length = key_make(key, host, instance, queue_id);
    struct live *found;

    HASH_FIND(hh, table->by_key, key, length, found);
    return found;
}

static void let_go(struct live_table *table, struct live *live)
{
    struct logged_message *message = live->message;
    enum live_state state = live->state;

    DL_DELETE(table->quietest[state], live);
    HASH_DEL(table->by_key, live);
    free(live);
    table->let_go(table->user, message, state);
}

struct live *live_begin(struct live_table *table, struct span host, struct span instance,
                        struct span queue_id, sim_time at)
{
    char key[KEY_MOST];
    size_t length = key_make(key, host, instance, queue_id);
    struct live *live;

    HASH_FIND(hh, table->by_key, key, length, live);
    if (live != NULL)
        let_go(table, live);

    struct logged_message *message = logged_message_new();
    message->host = logged_text(message, host.text, host.length);
    message->instance = logged_text(message, instance.text, instance.length);
    message->queue_id = logged_text(message, queue_id.text, queue_id.length);

    live = alloc_zeroed(sizeof *live + length);
    live->message = message;
    live->first = at;
    live->touched = at;
    memcpy(live->key, key, length);
    HASH_ADD_KEYPTR(hh, table->by_key, live->key, length, live);
    DL_APPEND(table->quietest[LIVE_BORN], live);
    return live;
}

void live_touch(struct live_table *table, struct live *live, enum live_state state, sim_time at)
{
    DL_DELETE(table->quietest[live->state], live);
    live->state = state;
    live->touched = at;
    DL_APPEND(table->quietest[state], live);
}

void live_expire(struct live_table *table, sim_time now)
{
    for (int state = 0; state < LIVE_STATE_COUNT; state++)
        while (table->quietest[state] != NULL
               && now - table->quietest[state]->touched > patience[state])
            let_go(table, table->quietest[state]);
}

void live_finish(struct live_table *table)
{
    static const enum live_state order[] = {LIVE_LEFT, LIVE_QUEUED, LIVE_BORN};

    for (size_t i = 0; i < COUNT_OF(order); i++)
        while (table->quietest[order[i]] != NULL)
            let_go(table, table->quietest[order[i]]);
}
