/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/postqueue.h"
#include "io/qshape.h"
#include "sim/alloc.h"

#define ADDRESS_ROOM 1024

/* One moment, as it is written down. */
struct view {
    struct snapshots *snapshots;
    sim_time at;
    struct postqueue postqueue;
    struct qshape fresh, deferred; /* incoming and active; deferred */
};

static int64_t second_of(const struct view *view, sim_time at)
{
    return sim_second(view->snapshots->catalogue->scenario->start + at);
}

static void put_message(struct view *view, const struct listed *listed)
{
    const struct catalogue *catalogue = view->snapshots->catalogue;
    struct message_id id = message_id(&listed->message);
    int64_t size = catalogue_size_bytes(catalogue, id);
    char queue_id[QUEUE_ID_MOST + 1];

    catalogue_queue_id_text(catalogue, &listed->message, queue_id, sizeof queue_id);
    postqueue_put_message(
        &view->postqueue,
        &(struct queued){
            .queue = listed->queue,
            .id = queue_id,
            .arrival = second_of(view, listed->message.arrival),
            .size_bytes = size < 0 ? 0 : size,
            .forced = listed->message.forced,
            .sender = names_text(&catalogue->scenario->names, catalogue_sender(catalogue, id)),
        });
}

static void count_recipient(struct view *view, const struct listed *listed, const char *address)
{
    int64_t age = second_of(view, view->at) - second_of(view, listed->message.arrival);

    if (listed->queue == QUEUE_INCOMING || listed->queue == QUEUE_ACTIVE)
        qshape_add(&view->fresh, address, age);
    if (listed->queue == QUEUE_DEFERRED)
        qshape_add(&view->deferred, address, age);
}

static void put_recipient(struct view *view, const struct listed *listed, uint32_t recipient)
{
    const struct catalogue *catalogue = view->snapshots->catalogue;
    const struct listed_recipient *one = &listed->recipients[recipient];
    char address[ADDRESS_ROOM], reason[REASON_MOST] = "";

    catalogue_address_text(catalogue, message_id(&listed->message), recipient, address,
                           sizeof address);
    if (one->state == RECIPIENT_DEFERRED)
        reason_text(catalogue, &one->last, reason, sizeof reason);
    postqueue_put_recipient(&view->postqueue, address, reason);
    count_recipient(view, listed, address);
}

static void put_recipients(struct view *view, const struct listed *listed,
                           enum recipient_state state)
{
    for (uint32_t i = 0; i < listed->count; i++) {
        if (listed->recipients[i].state == state)
            put_recipient(view, listed, i);
    }
}

/* As showq does: first whom the defer log has, then the others of the queue file. */
static void put_listed(void *user, const struct listed *listed)
{
    struct view *view = user;

    put_message(view, listed);
    put_recipients(view, listed, RECIPIENT_DEFERRED);
    put_recipients(view, listed, RECIPIENT_WAITS);
}

static void put_all(struct view *view)
{
    for (int queue = 0; queue < QUEUE_COUNT; queue++)
        listing_each(&view->snapshots->listing, (enum mail_queue)queue, put_listed, view);
    postqueue_end(&view->postqueue);
}

static void put_qshape(struct view *view, struct snapshot_files *files)
{
    struct output *rows = &view->snapshots->qshape;
    int64_t moment = sim_second(view->at);

    qshape_put(&view->fresh, &files->qshape);
    qshape_put(&view->deferred, &files->qshape_deferred);
    qshape_put_rows(&view->fresh, moment, "incoming active", rows);
    qshape_put_rows(&view->deferred, moment, "deferred", rows);
}

static void look(struct listing *listing, size_t number, sim_time at)
{
    struct snapshots *snapshots = CONTAINER_OF(listing, struct snapshots, listing);
    struct snapshot_files *files = &snapshots->files[number];
    struct view view = {.snapshots = snapshots,
                        .at = at,
                        .postqueue.long_ids = snapshots->catalogue->long_queue_ids};

    if (snapshots->printed != NULL) {
        output_print(&snapshots->text, "\nsnapshot %" PRId64 "\n", sim_second(at));
        view.postqueue.text = &snapshots->text;
        put_all(&view);
    } else {
        view.postqueue.text = &files->text;
        view.postqueue.json = &files->json;
        put_all(&view);
        put_qshape(&view, files);
    }
    qshape_fini(&view.fresh);
    qshape_fini(&view.deferred);
}

/* ------------------------------------------------------------------ files */

static bool open_file(struct output *output, const char *folder, sim_time moment, const char *ends,
                      struct err *err)
{
    char *name = moment == SIM_NEVER
                     ? alloc_printf("snapshot-end.%s", ends)
                     : alloc_printf("snapshot-%010" PRId64 ".%s", sim_second(moment), ends);
    bool good = output_open(output, folder, name, err);

    free(name);
    return good;
}

static bool open_files(struct snapshot_files *files, const char *folder, sim_time moment,
                       struct err *err)
{
    return open_file(&files->text, folder, moment, "postqueue-p.txt", err)
           && open_file(&files->json, folder, moment, "postqueue-j.jsonl", err)
           && open_file(&files->qshape, folder, moment, "qshape.txt", err)
           && open_file(&files->qshape_deferred, folder, moment, "qshape-deferred.txt", err);
}

static bool open_printed(struct snapshots *snapshots, struct err *err)
{
    snapshots->printed = tmpfile();
    if (snapshots->printed == NULL)
        return err_exit(err, EX_CANTCREAT, "a temporary file: %s", strerror(errno));
    snapshots->text = (struct output){
        .file = fileno(snapshots->printed),
        .buffer = alloc_zeroed(OUTPUT_BUFFER),
    };
    return true;
}

bool snapshots_open(struct snapshots *snapshots, const char *folder,
                    const struct catalogue *catalogue, const sim_time *moments, size_t count,
                    struct err *err)
{
    REQUIRE(count <= MOST_SNAPSHOTS);
    *snapshots = (struct snapshots){.catalogue = catalogue};
    listing_init(&snapshots->listing, moments, count, look);
    if (folder == NULL)
        return open_printed(snapshots, err);
    bool good = output_make_folder(folder, err)
                && output_open(&snapshots->qshape, folder, "qshape.csv", err);
    if (good)
        output_print(&snapshots->qshape, "%s", QSHAPE_COLUMNS);
    for (size_t i = 0; good && i < count; i++)
        good = open_files(&snapshots->files[i], folder, moments[i], err);
    return good;
}

static bool commit_files(struct snapshot_files *files, struct err *err)
{
    return output_commit(&files->text, err) && output_commit(&files->json, err)
           && output_commit(&files->qshape, err) && output_commit(&files->qshape_deferred, err);
}

bool snapshots_commit(struct snapshots *snapshots, struct err *err)
{
    bool good = true;

    for (size_t i = 0; good && i < MOST_SNAPSHOTS && snapshots->files[i].text.path != NULL; i++)
        good = commit_files(&snapshots->files[i], err);
    return good && (snapshots->qshape.path == NULL || output_commit(&snapshots->qshape, err));
}

bool snapshots_print(struct snapshots *snapshots, FILE *out, struct err *err)
{
    char block[4096];

    if (snapshots->printed == NULL)
        return true;
    output_flush(&snapshots->text);
    rewind(snapshots->printed);
    for (size_t n; (n = fread(block, 1, sizeof block, snapshots->printed)) > 0;)
        fwrite(block, 1, n, out);
    int failure = snapshots->text.failure;
    return failure == 0 || err_exit(err, EX_IOERR, "a temporary file: %s", strerror(failure));
}

void snapshots_discard(struct snapshots *snapshots)
{
    for (size_t i = 0; i < MOST_SNAPSHOTS; i++) {
        output_discard(&snapshots->files[i].text);
        output_discard(&snapshots->files[i].json);
        output_discard(&snapshots->files[i].qshape);
        output_discard(&snapshots->files[i].qshape_deferred);
    }
    output_discard(&snapshots->qshape);
    if (snapshots->printed != NULL)
        fclose(snapshots->printed);
    free(snapshots->text.buffer);
    listing_fini(&snapshots->listing);
    *snapshots = (struct snapshots){0};
}
