/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/parameters.h - Postfix's parameters and their values
 *
 * Every parameter of main.cf that matters to retries, with Postfix's own name,
 * default, unit and range, and values read as Postfix reads them: what Postfix
 * refuses is refused in its own words, what it silently misreads is misread the
 * same way, and a note says so. Expanding $name is io/'s affair.
 *
 * Source: Postfix 3.12-20260821 (17830e5), global/mail_params.h for the defaults,
 * qmgr/qmgr.c:main() and smtp/smtp_params.c for the ranges.
 */
#ifndef MODELS_MTA_POSTFIX_PARAMETERS_H
#define MODELS_MTA_POSTFIX_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/check.h"
#include "sim/err.h"
#include "sim/notes.h"

#define POSTFIX_TEXT_ROOM 1024
#define POSTFIX_TRANSPORT_ROOM 64
#define POSTFIX_OVERRIDES_MOST 64

/* "x", "x/y" or "x/concurrency": the step of a window per delivery, `base` from 0 to 1. */
struct postfix_feedback {
    double base;
    bool per_window; /* to be divided by the window, "x/concurrency" */
};

struct postfix_parameter;

/* relay_destination_concurrency_limit = 5: of one transport, instead of the default. */
struct postfix_override {
    char transport[POSTFIX_TRANSPORT_ROOM];
    const struct postfix_parameter *of; /* the parameter of all transports */
    long value;
    struct postfix_feedback feedback; /* where it is one */
};

/*
 * What a Postfix runs with. Times are whole seconds, limits are counts; where a
 * limit of 0 means "none" the summary in the table says so. Postfix checks no
 * lower bound where that bound is 0, so such a count can be negative: a note was
 * given then.
 */
struct postfix_settings {
    /* when to try again */
    long queue_run_delay;
    long minimal_backoff_time;
    long maximal_backoff_time;
    long maximal_queue_lifetime;
    long bounce_queue_lifetime;
    long delay_warning_time;
    bool confirm_delay_cleared;

    /* the active queue */
    long qmgr_message_active_limit;
    long qmgr_message_recipient_limit;
    long qmgr_message_recipient_minimum;
    long default_recipient_limit;
    long default_extra_recipient_limit;
    long default_recipient_refill_limit;
    long default_recipient_refill_delay;
    long in_flow_delay;
    long qmgr_fudge_factor;
    long qmgr_clog_warn_time;
    long qmgr_daemon_timeout;
    long qmgr_ipc_timeout;

    /* destinations and transports */
    long initial_destination_concurrency;
    long default_destination_concurrency_limit;
    long local_destination_concurrency_limit;
    long default_destination_recipient_limit;
    long local_destination_recipient_limit;
    struct postfix_feedback default_destination_concurrency_positive_feedback;
    struct postfix_feedback default_destination_concurrency_negative_feedback;
    long default_destination_concurrency_failed_cohort_limit;
    bool destination_concurrency_feedback_debug;
    long default_destination_rate_delay;
    long default_transport_rate_delay;
    long transport_retry_time;
    char defer_transports[POSTFIX_TEXT_ROOM];
    char default_transport[POSTFIX_TEXT_ROOM];
    char relayhost[POSTFIX_TEXT_ROOM];
    struct postfix_override overrides[POSTFIX_OVERRIDES_MOST]; /* transports.h asks them */
    size_t override_count;

    /* the scheduler */
    long default_delivery_slot_cost;
    long default_delivery_slot_loan;
    long default_delivery_slot_discount;
    long default_minimum_delivery_slots;

    /* processes */
    long daemon_timeout;
    long default_process_limit;
    long service_throttle_time;
    long max_use;
    long max_idle;
    long trigger_timeout;

    /* notices, logging, flush */
    bool soft_bounce;
    char notify_classes[POSTFIX_TEXT_ROOM];
    char double_bounce_sender[POSTFIX_TEXT_ROOM];
    char fast_flush_domains[POSTFIX_TEXT_ROOM];
    long fast_flush_refresh_time;
    long fast_flush_purge_time;
    long delay_logging_resolution_limit;
    bool enable_long_queue_ids;

    /* the SMTP client */
    long smtp_connect_timeout;
    long smtp_helo_timeout;
    long smtp_xforward_timeout;
    long smtp_starttls_timeout;
    long smtp_mail_timeout;
    long smtp_rcpt_timeout;
    long smtp_data_init_timeout;
    long smtp_data_xfer_timeout;
    long smtp_data_done_timeout;
    long smtp_rset_timeout;
    long smtp_quit_timeout;
    long smtp_mx_address_limit;
    long smtp_mx_session_limit;
    bool smtp_skip_5xx_greeting;
    bool smtp_defer_if_no_mx_address_found;
    bool smtp_connection_cache_on_demand;
    long smtp_connection_cache_time_limit;
    long smtp_connection_reuse_time_limit;
};

enum postfix_type {
    POSTFIX_TIME,     /* long, seconds: global/mail_conf_time.c */
    POSTFIX_INT,      /* long: global/mail_conf_int.c */
    POSTFIX_BOOL,     /* bool: global/mail_conf_bool.c */
    POSTFIX_TEXT,     /* char[POSTFIX_TEXT_ROOM]: global/mail_conf_str.c */
    POSTFIX_FEEDBACK, /* struct postfix_feedback: qmgr/qmgr_feedback.c */
};

struct postfix_parameter {
    const char *name;
    enum postfix_type type;
    const char *fallback; /* Postfix's default, not expanded: "300s", "$relay_domains" */
    char unit;            /* TIME: of a bare number, s h or d; otherwise 0 */
    long min, max;        /* outside is fatal; 0: not checked. TEXT, FEEDBACK: of the length */
    size_t offset;        /* in struct postfix_settings */
    const char *summary;  /* one line */
};

/* The parameters of the queue manager's time_table come first, in its order. */
extern const struct postfix_parameter postfix_parameters[];
extern const size_t postfix_parameter_count;

/* NULL where the table has no such name. Names are case-sensitive, as in Postfix. */
const struct postfix_parameter *postfix_parameter_find(const char *name);

/*
 * The name of the table that `name` may be a misspelling of, or NULL. Also NULL
 * for the names of the table themselves and for other names that Postfix knows,
 * however close: lmtp_connect_timeout, smtpd_starttls_timeout ...
 */
const char *postfix_parameter_meant(const char *name);

/*
 * Whether Postfix itself gives `name` a meaning, as far as this program can tell:
 * it is in the table, has a postfix_default(), or has the form of a transport's
 * override, such as relay_destination_concurrency_limit.
 */
bool postfix_parameter_known(const char *name);

/*
 * Postfix's default for `name`, not expanded: of the table, or of the few other
 * parameters that those refer to. NULL for any other name. The host is called
 * localhost.localdomain, so that results do not depend on where they are made.
 */
const char *postfix_default(const char *name);

/* All the defaults. Those that refer to other parameters are left empty. */
void postfix_settings_init(struct postfix_settings *settings);

/*
 * Reads an expanded value. Fails where Postfix ends with a fatal error: with its
 * text and, behind it, what would be accepted. `notes` (may be NULL) gets what
 * Postfix accepts but reads differently from what it seems to say.
 */
bool postfix_parameter_set(struct postfix_settings *settings,
                           const struct postfix_parameter *parameter, const char *value,
                           struct notes *notes, struct err *err) WARN_UNUSED;

/* A time as a person would write it in main.cf: 5400 seconds are 90m. Not negative. */
struct postfix_number_text {
    char text[24];
};

struct postfix_number_text postfix_time_text(long seconds);

/* The same for a field of the parameter's type that stands elsewhere. */
bool postfix_value_set(void *field, const struct postfix_parameter *parameter, const char *value,
                       struct notes *notes, struct err *err) WARN_UNUSED;

/*
 * Adjusts what the queue manager adjusts when it starts, with its warnings as
 * notes. Source: qmgr/qmgr.c: qmgr_post_init().
 */
void postfix_settings_clamp(struct postfix_settings *settings, struct notes *notes);

#endif
