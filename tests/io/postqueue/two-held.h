/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/io/postqueue/two-held.h - what was in the queue of a real Postfix 3.7.11
 *
 * Beside it: how its postqueue listed that. Recorded run 08-operator, 3700 s
 * after its start (tests/truth/README.md has what these runs are).
 */
#ifndef TESTS_IO_POSTQUEUE_TWO_HELD_H
#define TESTS_IO_POSTQUEUE_TWO_HELD_H

#include "models/listing.h"

static const struct recorded {
    enum mail_queue queue;
    const char *id;
    int64_t arrival, size_bytes;
    const char *sender, *recipient, *reason;
} two_held[] = {
    {QUEUE_DEFERRED, "4gTF1S5KkFz6NB", 1780273116, 380, "s26@s.test", "u26@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDxC5D5gz6Lf", 1780272895, 380, "s24@s.test", "u24@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTF2s5Vhrz6NX", 1780273189, 380, "s29@s.test", "u29@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDvg5cHDz6L0", 1780272815, 380, "s20@s.test", "u20@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDwv5c1lz6LP", 1780272879, 380, "s22@s.test", "u22@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTFCB5ltmz6QS", 1780273622, 380, "s33@s.test", "u33@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTFCC5sYFz6QV", 1780273623, 380, "s34@s.test", "u34@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTFDl3Cd1z6RD", 1780273703, 380, "s36@s.test", "u36@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDs62sL9z6Jv", 1780272682, 380, "s18@s.test", "u18@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDnD2nb4z65w", 1780272480, 380, "s15@s.test", "u15@d4.test",
     "connect to 127.28.0.18[127.28.0.18]:2525: Connection refused"},
    {QUEUE_DEFERRED, "4gTF2T4vlJz6NP", 1780273169, 380, "s28@s.test", "u28@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDm555zvz65T", 1780272421, 380, "s12@s.test", "u12@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTFGK0xZBz6RW", 1780273785, 380, "s38@s.test", "u38@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDs313Gyz6Js", 1780272679, 380, "s17@s.test", "u17@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDx719gbz6LY", 1780272891, 380, "s23@s.test", "u23@d4.test",
     "connect to 127.28.0.18[127.28.0.18]:2525: Connection refused"},
    {QUEUE_DEFERRED, "4gTDlF1F9hz65G", 1780272377, 380, "s10@s.test", "u10@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTF0703H7z6Md", 1780273046, 380, "s25@s.test", "u25@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTF8l1ZJkz6Ps", 1780273495, 380, "s32@s.test", "u32@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDlr1pyXz65R", 1780272408, 380, "s11@s.test", "u11@d4.test",
     "connect to 127.28.0.18[127.28.0.18]:2525: Connection refused"},
    {QUEUE_DEFERRED, "4gTDt56vZKz6K5", 1780272733, 380, "s19@s.test", "u19@d4.test",
     "connect to 127.28.0.18[127.28.0.18]:2525: Connection refused"},
    {QUEUE_DEFERRED, "4gTDhv6vnXz64g", 1780272255, 376, "s7@s.test", "u7@d4.test",
     "delivery temporarily suspended: connect to 127.28.0.18[127.28.0.18]:2525: Connection "
     "refused"},
    {QUEUE_DEFERRED, "4gTDvt48Lsz6L8", 1780272826, 380, "s21@s.test", "u21@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTF2C3nrKz6NK", 1780273155, 380, "s27@s.test", "u27@d4.test",
     "connect to 127.28.0.18[127.28.0.18]:2525: Connection refused"},
    {QUEUE_DEFERRED, "4gTF3w45s4z6Nh", 1780273244, 380, "s30@s.test", "u30@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDg53t9dz63y", 1780272161, 376, "s4@s.test", "u4@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDhM3z5Tz64N", 1780272227, 376, "s6@s.test", "u6@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDqk3cB7z6JR", 1780272609, 380, "s16@s.test", "u16@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTFGZ3Zpnz6Rf", 1780273798, 380, "s39@s.test", "u39@d4.test",
     "connect to 127.28.0.18[127.28.0.18]:2525: Connection refused"},
    {QUEUE_DEFERRED, "4gTDfx3LRMz63r", 1780272153, 376, "s3@s.test", "u3@d4.test",
     "delivery temporarily suspended: connect to 127.28.0.18[127.28.0.18]:2525: Connection "
     "refused"},
    {QUEUE_DEFERRED, "4gTDmY3QM5z65l", 1780272445, 380, "s13@s.test", "u13@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTFDl0Swrz6R9", 1780273703, 380, "s35@s.test", "u35@d4.test",
     "connect to 127.28.0.18[127.28.0.18]:2525: Connection refused"},
    {QUEUE_DEFERRED, "4gTDmx0tP6z65t", 1780272465, 380, "s14@s.test", "u14@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDfD0grNz63M", 1780272116, 376, "s2@s.test", "u2@d3.test",
     "host 127.28.0.17[127.28.0.17] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTF4N6Ht8z6Nl", 1780273268, 380, "s31@s.test", "u31@d4.test",
     "connect to 127.28.0.18[127.28.0.18]:2525: Connection refused"},
    {QUEUE_DEFERRED, "4gTDf9662wz63H", 1780272113, 376, "s1@s.test", "u1@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTFFJ1tjzz6RL", 1780273732, 380, "s37@s.test", "u37@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_DEFERRED, "4gTDch2417z61Z", 1780272036, 376, "s0@s.test", "u0@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_HOLD, "4gTDkj03lkz652", 1780272348, 376, "s9@s.test", "u9@d2.test",
     "host 127.28.0.16[127.28.0.16] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
    {QUEUE_HOLD, "4gTDkf1mLHz64x", 1780272346, 376, "s8@s.test", "u8@d1.test",
     "host 127.28.0.15[127.28.0.15] said: 450 4.2.0 try later (in reply to RCPT TO command)"},
};

#endif
