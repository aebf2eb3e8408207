/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/parameters.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "models/mta/postfix/transports.h"
#include "sim/nearest.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)

/* qmgr/qmgr.c: an upper bound of both lifetimes. */
#define LIFETIME_MAX (100 * DAY)

#define ROW(field, type, fallback, unit, min, max, summary)                                        \
    {                                                                                              \
#field, type, fallback, unit, min, max, offsetof(struct postfix_settings, field), summary  \
    }
#define TIME(field, fallback, unit, min, max, summary)                                             \
    ROW(field, POSTFIX_TIME, fallback, unit, min, max, summary)
#define INT(field, fallback, min, max, summary)                                                    \
    ROW(field, POSTFIX_INT, fallback, 0, min, max, summary)
#define BOOL(field, fallback, summary) ROW(field, POSTFIX_BOOL, fallback, 0, 0, 0, summary)
#define TEXT(field, fallback, min, summary) ROW(field, POSTFIX_TEXT, fallback, 0, min, 0, summary)
#define FEEDBACK(field, fallback, summary) ROW(field, POSTFIX_FEEDBACK, fallback, 0, 1, 0, summary)

const struct postfix_parameter postfix_parameters[] = {
    TIME(queue_run_delay, "300s", 's', 1, 0, "from the start of one deferred scan to the next"),
    TIME(minimal_backoff_time, "300s", 's', 1, 0,
         "least time to the next attempt; also how long a dead destination stays dead"),
    TIME(maximal_backoff_time, "4000s", 's', 1, 0, "greatest time to the next attempt"),
    TIME(maximal_queue_lifetime, "5d", 'd', 0, LIFETIME_MAX,
         "age at which a failed attempt is the last; 0: try once"),
    TIME(bounce_queue_lifetime, "5d", 'd', 0, LIFETIME_MAX,
         "the same for messages without a sender"),
    TIME(delay_warning_time, "0h", 'h', 0, 0, "age at which the sender is warned; 0: never"),
    BOOL(confirm_delay_cleared, "no", "tell a warned sender when the message was delivered"),

    INT(qmgr_message_active_limit, "20000", 1, 0, "most messages in the active queue"),
    INT(qmgr_message_recipient_limit, "20000", 1, 0, "most recipients in memory"),
    INT(qmgr_message_recipient_minimum, "10", 1, 0, "recipients in memory any message may have"),
    INT(default_recipient_limit, "20000", 0, 0, "most recipients in memory per transport"),
    INT(default_extra_recipient_limit, "1000", 0, 0, "more of them for messages that preempt"),
    INT(default_recipient_refill_limit, "100", 1, 0, "recipients read at a time from a file"),
    TIME(default_recipient_refill_delay, "5s", 's', 1, 0, "longest time between such reads"),
    TIME(in_flow_delay, "1s", 's', 0, 10, "pause before new mail when it outruns delivery"),
    INT(qmgr_fudge_factor, "100", 10, 100, "percent; only the old queue manager reads it"),
    TIME(qmgr_clog_warn_time, "300s", 's', 0, 0, "time between warnings of a clogged queue"),
    TIME(qmgr_daemon_timeout, "1000s", 's', 1, 0, "watchdog of the queue manager"),
    TIME(qmgr_ipc_timeout, "60s", 's', 1, 0, "time limit for messages between daemons"),

    INT(initial_destination_concurrency, "5", 1, 0, "window a destination begins with"),
    INT(default_destination_concurrency_limit, "20", 0, 0, "largest window; 0: no limit"),
    INT(local_destination_concurrency_limit, "2", 0, 0, "the same for local; 0: no limit"),
    INT(default_destination_recipient_limit, "50", 0, 0,
        "recipients per delivery; 0: no limit, 1: a destination is a recipient"),
    INT(local_destination_recipient_limit, "1", 0, 0, "the same for local"),
    FEEDBACK(default_destination_concurrency_positive_feedback, "1",
             "the window grows by this per delivery"),
    FEEDBACK(default_destination_concurrency_negative_feedback, "1",
             "the window shrinks by this per failed connection"),
    INT(default_destination_concurrency_failed_cohort_limit, "1", 0, 0,
        "windowfuls of failures until a destination is dead; 0: never"),
    BOOL(destination_concurrency_feedback_debug, "no", "log the window after each change"),
    TIME(default_destination_rate_delay, "0s", 's', 0, 0,
         "pause between deliveries to one destination"),
    TIME(default_transport_rate_delay, "0s", 's', 0, 0, "pause between deliveries of a transport"),
    TIME(transport_retry_time, "60s", 's', 1, 0, "how long a broken transport stays dead"),
    TEXT(defer_transports, "", 0, "transports that deliver only when the queue is flushed"),
    TEXT(default_transport, "smtp", 1, "transport, perhaps ':' and its next hop, of all domains"),
    TEXT(relayhost, "", 0, "next hop of all domains; empty: the domain itself"),

    INT(default_delivery_slot_cost, "5", 0, 0,
        "deliveries that earn a slot; below 2: no preempting"),
    INT(default_delivery_slot_loan, "3", 0, 0, "slots lent to a message that may preempt"),
    INT(default_delivery_slot_discount, "50", 0, 100, "percent off the slots it needs"),
    INT(default_minimum_delivery_slots, "3", 0, 0, "a message with fewer is not preempted"),

    TIME(daemon_timeout, "18000s", 's', 1, 0, "longest time a delivery agent may take"),
    INT(default_process_limit, "100", 1, 0, "most delivery agents of one kind"),
    TIME(service_throttle_time, "60s", 's', 1, 0, "wait before a crashed daemon is started again"),
    INT(max_use, "100", 1, 0, "requests an agent serves before it ends"),
    TIME(max_idle, "100s", 's', 1, 0, "idle time after which an agent ends"),
    TIME(trigger_timeout, "10s", 's', 1, 0, "time limit for waking a daemon"),

    BOOL(soft_bounce, "no", "treat permanent failures as temporary"),
    TEXT(notify_classes, "resource, software", 0, "what the postmaster is told of"),
    TEXT(double_bounce_sender, "double-bounce", 1, "sender of notices to the postmaster"),
    TEXT(fast_flush_domains, "$relay_domains", 0, "destinations that can be flushed by name"),
    TIME(fast_flush_refresh_time, "12h", 'h', 1, 0, "age at which a flush log is read anyway"),
    TIME(fast_flush_purge_time, "7d", 'd', 1, 0, "age at which an empty flush log is removed"),
    INT(delay_logging_resolution_limit, "2", 0, 6, "digits after the point in delay="),
    BOOL(enable_long_queue_ids, "no", "queue ids that do not repeat"),

    TIME(smtp_connect_timeout, "30s", 's', 0, 0, "per address; 0: the kernel's"),
    TIME(smtp_helo_timeout, "300s", 's', 1, 0, "for the greeting, and for each of EHLO and HELO"),
    TIME(smtp_xforward_timeout, "300s", 's', 1, 0, "for the answer to XFORWARD"),
    TIME(smtp_starttls_timeout, "300s", 's', 1, 0, "for the TLS handshake"),
    TIME(smtp_mail_timeout, "300s", 's', 1, 0, "for the answer to MAIL FROM"),
    TIME(smtp_rcpt_timeout, "300s", 's', 1, 0, "for the answer to RCPT TO"),
    TIME(smtp_data_init_timeout, "120s", 's', 1, 0, "for the answer to DATA"),
    TIME(smtp_data_xfer_timeout, "180s", 's', 1, 0, "for each write of the message"),
    TIME(smtp_data_done_timeout, "600s", 's', 1, 0, "for the answer to the final dot"),
    TIME(smtp_rset_timeout, "20s", 's', 1, 0, "for the answer to RSET"),
    TIME(smtp_quit_timeout, "300s", 's', 1, 0, "for the answer to QUIT"),
    INT(smtp_mx_address_limit, "5", 0, 0, "addresses tried per attempt; 0: no limit"),
    INT(smtp_mx_session_limit, "2", 0, 0, "sessions per attempt past the greeting; 0: no limit"),
    BOOL(smtp_skip_5xx_greeting, "yes", "a greeting of 5xx is a temporary failure"),
    BOOL(smtp_defer_if_no_mx_address_found, "no", "defer when no MX host has an address"),
    BOOL(smtp_connection_cache_on_demand, "yes", "keep connections while mail is waiting"),
    TIME(smtp_connection_cache_time_limit, "2s", 's', 1, 0, "how long one is kept unused"),
    TIME(smtp_connection_reuse_time_limit, "300s", 's', 1, 0, "how long one is used at all"),
};

const size_t postfix_parameter_count = COUNT_OF(postfix_parameters);

/* What the table refers to. mydestination and relay_domains as in 3.0 and later. */
static const struct other_default {
    const char *name, *fallback;
} other_defaults[] = {
    {"compatibility_level", "0"},
    {"relay_domains", "${{$compatibility_level} <level {2} ? {$mydestination} : {}}"},
    {"mydestination", "$myhostname, localhost.$mydomain, localhost"},
    {"myhostname", "localhost.localdomain"},
    {"mydomain", "localdomain"},
};

const struct postfix_parameter *postfix_parameter_find(const char *name)
{
    for (size_t i = 0; i < postfix_parameter_count; i++)
        if (strcmp(postfix_parameters[i].name, name) == 0)
            return &postfix_parameters[i];
    return NULL;
}

const char *postfix_default(const char *name)
{
    const struct postfix_parameter *parameter = postfix_parameter_find(name);

    if (parameter != NULL)
        return parameter->fallback;
    for (size_t i = 0; i < COUNT_OF(other_defaults); i++)
        if (strcmp(other_defaults[i].name, name) == 0)
            return other_defaults[i].fallback;
    return NULL;
}

bool postfix_parameter_known(const char *name)
{
    char transport[POSTFIX_TRANSPORT_ROOM];

    return postfix_default(name) != NULL || postfix_override_find(name, transport) != NULL
           || strcmp(name, POSTFIX_NO_OVERRIDE) == 0;
}

/* Postfix has parameters that differ from those of the table by a letter or two. */
static bool has_a_twin(const char *name)
{
    return strncmp(name, "lmtp_", 5) == 0 || strncmp(name, "smtpd_", 6) == 0
           || strcmp(name, "ipc_idle") == 0;
}

const char *postfix_parameter_meant(const char *name)
{
    if (postfix_parameter_known(name) || has_a_twin(name))
        return NULL;
    return nearest(name, postfix_parameters, postfix_parameter_count, sizeof *postfix_parameters);
}

/* Seconds in a unit, 0 for what is none. Upper case is none. */
static long unit_seconds(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return MINUTE;
    case 'h':
        return HOUR;
    case 'd':
        return DAY;
    case 'w':
        return WEEK;
    default:
        return 0;
    }
}

static const char *unit_name(char unit)
{
    return unit == 'd' ? "days" : unit == 'h' ? "hours" : "seconds";
}

struct postfix_number_text postfix_time_text(long seconds)
{
    static const char units[] = "dhms";
    struct postfix_number_text time;
    const char *unit = seconds == 0 ? strchr(units, 's') : units;

    while (seconds % unit_seconds(*unit) != 0)
        unit++;
    snprintf(time.text, sizeof time.text, "%ld%c", seconds / unit_seconds(*unit), *unit);
    return time;
}

static struct postfix_number_text bound(const struct postfix_parameter *parameter, long value)
{
    struct postfix_number_text count;

    if (parameter->type == POSTFIX_TIME)
        return postfix_time_text(value);
    snprintf(count.text, sizeof count.text, "%ld", value);
    return count;
}

PRINTF_LIKE(2, 3) static void add_text(struct err *err, const char *fmt, ...)
{
    size_t used = strlen(err->text);
    va_list args;

    va_start(args, fmt);
    vsnprintf(err->text + used, sizeof err->text - used, fmt, args);
    va_end(args);
}

/* Puts what would have been accepted behind the error. Returns false. */
static bool refuse(const struct postfix_parameter *parameter, struct err *err)
{
    static const char *const form[] = {
        [POSTFIX_TIME] = "a whole number and one letter of s m h d w",
        [POSTFIX_INT] = "a whole number",
        [POSTFIX_BOOL] = "yes or no",
        [POSTFIX_TEXT] = "a text that is not empty",
        [POSTFIX_FEEDBACK] = "x, x/y or x/concurrency",
    };
    bool number = parameter->type == POSTFIX_TIME || parameter->type == POSTFIX_INT;

    add_text(err, " (accepted: %s", form[parameter->type]);
    if (number && parameter->max > 0)
        add_text(err, ", from %s to %s", bound(parameter, parameter->min).text,
                 bound(parameter, parameter->max).text);
    else if (number)
        add_text(err, ", at least %s", bound(parameter, parameter->min).text);
    if (parameter->type == POSTFIX_TIME)
        add_text(err, "; without a letter, %s", unit_name(parameter->unit));
    add_text(err, ")");
    return false;
}

/* Reads one number and its unit, as conv_time() does. `*rest` is what it leaves unread. */
static bool read_time(const char *value, char unit, long *seconds, const char **rest)
{
    char *end;

    errno = 0;
    long number = strtol(value, &end, 10);
    if (*value == '\0' || errno == ERANGE || number < 0 || number > INT_MAX)
        return false;

    long each = unit_seconds(*end != '\0' ? *end : unit);
    if (each == 0 || (each > 1 && number >= INT_MAX / each))
        return false;
    *seconds = number * each;
    *rest = *end != '\0' ? end + 1 : end;
    return true;
}

/* Seconds in a unit that is written out, 0 for what is none. */
static long word_seconds(const char *word, size_t length)
{
    static const struct {
        const char *word;
        long seconds;
    } words[] = {
        {"s", 1},        {"sec", 1},      {"secs", 1},      {"second", 1},      {"seconds", 1},
        {"m", MINUTE},   {"min", MINUTE}, {"mins", MINUTE}, {"minute", MINUTE}, {"minutes", MINUTE},
        {"h", HOUR},     {"hr", HOUR},    {"hrs", HOUR},    {"hour", HOUR},     {"hours", HOUR},
        {"d", DAY},      {"day", DAY},    {"days", DAY},    {"w", WEEK},        {"week", WEEK},
        {"weeks", WEEK},
    };

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strlen(words[i].word) == length && strncasecmp(word, words[i].word, length) == 0)
            return words[i].seconds;
    return 0;
}

/* The seconds in "1h30m", "5 days" or "1 d, 12 h"; -1 where the text is not of that kind. */
static long meant_time(const char *text)
{
    long sum = 0;

    while (*text != '\0') {
        char *word;
        long number = strtol(text, &word, 10);
        if (word == text || number < 0 || number > INT_MAX || sum > INT_MAX)
            return -1;
        word += strspn(word, " ");
        size_t length = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        long each = word_seconds(word, length);
        if (each == 0)
            return -1;
        sum += number * each;
        text = word + length + strspn(word + length, " ,");
    }
    return sum;
}

static void note_unread(const char *name, const char *value, const char *rest, long seconds,
                        struct notes *notes)
{
    int read = (int)(rest - value);
    long meant = meant_time(value);

    if (meant == seconds)
        notes_add(notes, "parameter %s: Postfix reads '%s' as %.*s; the rest is ignored", name,
                  value, read, value);
    else if (meant >= 0)
        notes_add(notes,
                  "parameter %s: Postfix reads '%s' as %.*s and ignores the rest;"
                  " %s was probably meant",
                  name, value, read, value, postfix_time_text(meant).text);
    else
        notes_add(notes,
                  "parameter %s: Postfix reads '%s' as %.*s, that is %ld seconds,"
                  " and ignores the rest",
                  name, value, read, value, seconds);
}

static bool set_time(long *field, const struct postfix_parameter *parameter, const char *value,
                     struct notes *notes, struct err *err)
{
    const char *name = parameter->name, *rest;
    long seconds;

    if (!read_time(value, parameter->unit, &seconds, &rest)) {
        err_set(err, "parameter %s: bad time value or unit: %.200s", name, value);
        return refuse(parameter, err);
    }
    if (seconds < parameter->min) {
        err_set(err, "invalid %s: %ld (min %ld)", name, seconds, parameter->min);
        return refuse(parameter, err);
    }
    if (parameter->max != 0 && seconds > parameter->max) {
        err_set(err, "invalid %s: %ld (max %ld)", name, seconds, parameter->max);
        return refuse(parameter, err);
    }
    if (*rest != '\0')
        note_unread(name, value, rest, seconds, notes);
    else if (strpbrk(value, "0123456789") == NULL)
        notes_add(notes, "parameter %s: Postfix reads '%s', which has no number, as 0", name,
                  value);
    *field = seconds;
    return true;
}

static bool set_int(long *field, const struct postfix_parameter *parameter, const char *value,
                    struct notes *notes, struct err *err)
{
    const char *name = parameter->name;
    char *end;

    errno = 0;
    long count = strtol(value, &end, 10);
    if (*value == '\0' || *end != '\0' || errno == ERANGE || count < INT_MIN || count > INT_MAX) {
        err_set(err, "bad numerical configuration: %s = %.200s", name, value);
        return refuse(parameter, err);
    }
    if (parameter->min != 0 && count < parameter->min) {
        err_set(err, "invalid %s parameter value %ld < %ld", name, count, parameter->min);
        return refuse(parameter, err);
    }
    if (parameter->max != 0 && count > parameter->max) {
        err_set(err, "invalid %s parameter value %ld > %ld", name, count, parameter->max);
        return refuse(parameter, err);
    }
    if (count < 0)
        notes_add(notes, "parameter %s: Postfix takes %ld, though it makes no sense below 0", name,
                  count);
    *field = count;
    return true;
}

static bool set_bool(bool *field, const struct postfix_parameter *parameter, const char *value,
                     struct err *err)
{
    if (strcasecmp(value, "yes") != 0 && strcasecmp(value, "no") != 0) {
        err_set(err, "bad boolean configuration: %s = %.200s", parameter->name, value);
        return refuse(parameter, err);
    }
    *field = strcasecmp(value, "yes") == 0;
    return true;
}

static bool long_enough(const struct postfix_parameter *parameter, const char *value,
                        struct err *err)
{
    if (strlen(value) >= (size_t)parameter->min)
        return true;
    err_set(err, "bad string length %zu < %ld: %s = %s", strlen(value), parameter->min,
            parameter->name, value);
    return refuse(parameter, err);
}

/* Keeps the words that fit. */
static bool set_text(char *field, const struct postfix_parameter *parameter, const char *value,
                     struct notes *notes, struct err *err)
{
    size_t length = strlen(value);

    if (!long_enough(parameter, value, err))
        return false;
    if (length >= POSTFIX_TEXT_ROOM) {
        length = POSTFIX_TEXT_ROOM - 1;
        while (length > 0 && strchr(", \t\r\n", value[length]) == NULL)
            length--;
        notes_add(notes, "parameter %s: only the first %zu of %zu characters are used here",
                  parameter->name, length, strlen(value));
    }
    memcpy(field, value, length);
    field[length] = '\0';
    return true;
}

static bool within(double value, double low, double high)
{
    return value >= low && value <= high;
}

/* What stands behind the slash, as a number to divide by; 0 where it is not fit for that. */
static double read_divisor(const char *text)
{
    double divisor;
    char junk;

    if (sscanf(text, "%lf%c", &divisor, &junk) != 1 || !within(divisor, 1.0 / INT_MAX, INT_MAX))
        return 0;
    return divisor;
}

/*
 * As qmgr_feedback_init() does: text behind the first number is refused only
 * where it begins with a slash. `*rest` is what is left unread.
 */
static bool read_feedback(const char *value, struct postfix_feedback *feedback, const char **rest)
{
    enum { LONGEST_DIVISOR = 30 };
    int used = 0;

    if (sscanf(value, "%lf%n", &feedback->base, &used) != 1)
        return false;
    *rest = value + used;
    const char *slash = *rest + strspn(*rest, " \t\r\n\v\f");
    if (*slash != '/')
        return within(feedback->base, 0, 1);

    const char *word = slash + 1 + strspn(slash + 1, " \t\r\n\v\f");
    *rest = word + strcspn(word, " \t\r\n\v\f");
    if (**rest != '\0' || *rest - word > LONGEST_DIVISOR)
        return false;
    if (strcmp(word, "concurrency") == 0) {
        feedback->per_window = true;
        return within(feedback->base, 0, 1);
    }
    double divisor = read_divisor(word);
    if (divisor == 0 || !within(feedback->base, 0, INT_MAX))
        return false;
    feedback->base /= divisor;
    return within(feedback->base, 0, 1);
}

static bool set_feedback(struct postfix_feedback *field, const struct postfix_parameter *parameter,
                         const char *value, struct notes *notes, struct err *err)
{
    struct postfix_feedback feedback = {0};
    const char *name = parameter->name, *rest;

    if (!long_enough(parameter, value, err))
        return false;
    if (!read_feedback(value, &feedback, &rest)) {
        feedback = (struct postfix_feedback){.base = 1};
        notes_add(notes,
                  "%s: ignoring malformed or unreasonable feedback: %s"
                  " (1 is used; accepted: x, x/y or x/concurrency, from 0 to 1)",
                  name, value);
    } else if (*rest != '\0') {
        notes_add(notes, "parameter %s: Postfix reads '%s' as %.*s; the rest is ignored", name,
                  value, (int)(rest - value), value);
    }
    *field = feedback;
    return true;
}

bool postfix_value_set(void *field, const struct postfix_parameter *parameter, const char *value,
                       struct notes *notes, struct err *err)
{
    switch (parameter->type) {
    case POSTFIX_TIME:
        return set_time(field, parameter, value, notes, err);
    case POSTFIX_INT:
        return set_int(field, parameter, value, notes, err);
    case POSTFIX_BOOL:
        return set_bool(field, parameter, value, err);
    case POSTFIX_TEXT:
        return set_text(field, parameter, value, notes, err);
    case POSTFIX_FEEDBACK:
        break;
    }
    return set_feedback(field, parameter, value, notes, err);
}

bool postfix_parameter_set(struct postfix_settings *settings,
                           const struct postfix_parameter *parameter, const char *value,
                           struct notes *notes, struct err *err)
{
    return postfix_value_set((char *)settings + parameter->offset, parameter, value, notes, err);
}

void postfix_settings_init(struct postfix_settings *settings)
{
    memset(settings, 0, sizeof *settings);
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        const struct postfix_parameter *parameter = &postfix_parameters[i];
        struct err err;

        if (strchr(parameter->fallback, '$') != NULL)
            continue;
        bool good = postfix_parameter_set(settings, parameter, parameter->fallback, NULL, &err);
        EXPECT(good);
    }
}

void postfix_settings_clamp(struct postfix_settings *settings, struct notes *notes)
{
    if (settings->qmgr_message_recipient_limit < settings->qmgr_message_active_limit) {
        notes_add(notes, "%s is smaller than %s - adjusting %s (from %ld to %ld)",
                  "qmgr_message_recipient_limit", "qmgr_message_active_limit",
                  "qmgr_message_recipient_limit", settings->qmgr_message_recipient_limit,
                  settings->qmgr_message_active_limit);
        settings->qmgr_message_recipient_limit = settings->qmgr_message_active_limit;
    }
    if (settings->bounce_queue_lifetime > settings->maximal_queue_lifetime) {
        notes_add(notes, "%s is larger than %s - adjusting %s (from %s to %s)",
                  "bounce_queue_lifetime", "maximal_queue_lifetime", "bounce_queue_lifetime",
                  postfix_time_text(settings->bounce_queue_lifetime).text,
                  postfix_time_text(settings->maximal_queue_lifetime).text);
        settings->bounce_queue_lifetime = settings->maximal_queue_lifetime;
    }
}
