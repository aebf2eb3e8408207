/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/queue_directory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "io/queue_id.h"
#include "models/mta/postfix/forecast.h"

#define DEPTH_MOST 8
#define PATH_ROOM 4096

static bool refuse(const char *path, int why, struct err *err)
{
    if (why == EACCES)
        return err_exit(err, EX_NOINPUT, "%.300s: %s: root and the user postfix may look at it",
                        path, strerror(why));
    return err_exit(err, EX_NOINPUT, "%.300s: %s", path, strerror(why));
}

bool queue_directory_open(struct queue_directory *directory, const char *path, struct err *err)
{
    char deferred[PATH_ROOM];
    struct stat status;

    *directory = (struct queue_directory){.path = path, .depth = 1};
    if (snprintf(deferred, sizeof deferred, "%s/deferred", path) >= (int)sizeof deferred)
        return refuse(path, ENAMETOOLONG, err);
    if (stat(deferred, &status) != 0 && errno != ENOENT)
        return refuse(deferred, errno, err);
    if (stat(deferred, &status) != 0 || !S_ISDIR(status.st_mode))
        return err_exit(err, EX_NOINPUT,
                        "%.300s: no deferred queue in it: what 'postconf queue_directory' says was "
                        "expected",
                        path);
    return true;
}

/* Where the file lies if folders go so deep: "/var/spool/postfix/deferred/D/7/D7D47A8E0C6". */
static bool put_path(char path[PATH_ROOM], const char *queue_directory, unsigned depth,
                     const char *id)
{
    struct queue_id_digits digits = queue_id_digits(id);
    size_t count = strlen(digits.text);
    char folders[2 * DEPTH_MOST + 1] = "";

    for (unsigned i = 0; i < depth; i++) {
        folders[2 * i] = i < count ? digits.text[i] : '_';
        folders[2 * i + 1] = '/';
    }
    return snprintf(path, PATH_ROOM, "%s/deferred/%s%s", queue_directory, folders, id) < PATH_ROOM;
}

static int64_t within_reason(int64_t second)
{
    if (second < 0)
        return 0;
    return second > SIM_LAST_SECOND ? SIM_LAST_SECOND : second;
}

/* Looks at one depth. False, with *why, where the file is not to be seen there. */
static bool look(const struct queue_directory *directory, unsigned depth, const char *id,
                 int64_t *mtime, int *why, char path[PATH_ROOM])
{
    struct stat status;

    *why = ENAMETOOLONG;
    if (!put_path(path, directory->path, depth, id))
        return false;
    *why = ENOENT;
    if (stat(path, &status) != 0) {
        *why = errno;
        return false;
    }
    *mtime = within_reason(status.st_mtim.tv_sec);
    return S_ISREG(status.st_mode);
}

/* A folder that is missing is no other than a file that is. */
static bool is_absence(int why)
{
    return why == ENOENT || why == ENOTDIR;
}

bool queue_directory_mtime(struct queue_directory *directory, const char *id, int64_t *mtime,
                           struct err *err)
{
    char path[PATH_ROOM];
    int why;

    if (look(directory, directory->depth, id, mtime, &why, path))
        return true;
    for (unsigned depth = 0; is_absence(why) && depth <= DEPTH_MOST; depth++) {
        if (look(directory, depth, id, mtime, &why, path)) {
            directory->depth = depth;
            return true;
        }
    }
    *mtime = FORECAST_UNKNOWN;
    return is_absence(why) || refuse(path, why, err);
}
