/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/reason.h - why a recipient was not delivered, in Postfix's words
 *
 * What stands in brackets behind status= in the mail log, and what the defer
 * log keeps for the listings.
 */
#ifndef MODELS_REASON_H
#define MODELS_REASON_H

#include "models/catalogue.h"

/* Longer ones are cut, as Postfix cuts its log's lines. */
#define REASON_MOST 2000

/*
 * A host for a site that has none: "mx.DOMAIN[192.0.2.N]", always the same one
 * for the same site (RFC 5737 has the addresses).
 */
size_t reason_host(const struct catalogue *catalogue, uint32_t site, char *text, size_t room);

/*
 * "host H[A] said: 450 4.2.0 busy (in reply to RCPT TO command)", cut to `room`
 * bytes with its NUL; returns the length. A reply that is such a text already,
 * because a log told it, is kept. What was delivered has the reply as it is.
 * Holds neither control characters nor what is no UTF-8. Source: Postfix 3.7,
 * smtp/smtp_trouble.c, smtp_connect.c, smtp_addr.c, qmgr/qmgr_deliver.c.
 */
size_t reason_text(const struct catalogue *catalogue, const struct attempt *attempt, char *text,
                   size_t room);

#endif
