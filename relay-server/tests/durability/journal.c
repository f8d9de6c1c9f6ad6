// Preloaded into a process, records in order what it does to the files of one directory, and makes disks fail on demand.
//
//   JOURNAL_DIR       the directory
//   JOURNAL_FILE      where to record
//   JOURNAL_ROOM      bytes that may be written; then the disk is full
//   JOURNAL_BAD_SYNC  every so-manieth sync fails, and is not recorded
//   JOURNAL_READONLY  nothing can be opened for writing
//   JOURNAL_FAULT     a file: while it is there, writes fail with the error whose number stands in it
//
// A record: what (one byte), which file (one byte), six bytes of nothing, offset and length (64 bits each), the bytes.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES 64
#define DESCRIPTORS 4096

static const char *directory;
static int journal = -1;
static long long room = -1, bad_sync = 0, syncs = 0;
static int readonly = 0;
static const char *fault;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *names[FILES];
static unsigned char tracked[DESCRIPTORS]; // the number of the file, plus one

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_unlink)(const char *);

__attribute__((constructor)) static void prepare(void) {
    real_open = dlsym(RTLD_NEXT, "open");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    const char *text;
    if ((text = getenv("JOURNAL_ROOM"))) room = atoll(text);
    if ((text = getenv("JOURNAL_BAD_SYNC"))) bad_sync = atoll(text);
    readonly = getenv("JOURNAL_READONLY") != NULL;
    fault = getenv("JOURNAL_FAULT");
    if ((text = getenv("JOURNAL_FILE"))) journal = real_open(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    directory = getenv("JOURNAL_DIR");
}

static void record(char what, unsigned char file, uint64_t offset, uint64_t length, const void *bytes) {
    if (journal < 0) return;
    unsigned char head[24] = {what, file};
    memcpy(head + 8, &offset, 8);
    memcpy(head + 16, &length, 8);
    syscall(SYS_write, journal, head, sizeof head);
    for (uint64_t done = 0; bytes && done < length;) {
        long written = syscall(SYS_write, journal, (const char *)bytes + done, length - done);
        if (written <= 0) abort();
        done += written;
    }
}

static const char *ours(const char *path) {
    if (!directory || strncmp(path, directory, strlen(directory)) != 0) return NULL;
    const char *name = strrchr(path, '/') + 1;
    return *name ? name : NULL;
}

static unsigned char number(const char *name) {
    for (int file = 0; file < FILES; file++) {
        if (names[file] && strcmp(names[file], name) == 0) return file;
        if (!names[file]) {
            names[file] = strdup(name);
            record('N', file, 0, strlen(name), name);
            return file;
        }
    }
    abort();
}

static int track(const char *path, int flags, mode_t mode) {
    const char *name = ours(path);
    if (name && readonly && (flags & O_ACCMODE) != O_RDONLY) {
        errno = EROFS;
        return -1;
    }
    int fd = real_open(path, flags, mode);
    if (fd >= DESCRIPTORS) abort();
    if (fd >= 0 && name && !(flags & O_DIRECTORY)) {
        pthread_mutex_lock(&lock);
        tracked[fd] = number(name) + 1;
        pthread_mutex_unlock(&lock);
    }
    return fd;
}

static mode_t mode_of(int flags, va_list arguments) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = mode_of(flags, arguments);                                                                       \
        va_end(arguments);                                                                                             \
        return track(path, flags, mode);                                                                               \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) tracked[fd] = 0;
    return real_close(fd);
}

static int is_tracked(int fd) { return fd >= 0 && fd < DESCRIPTORS && tracked[fd]; }

static int no_room(size_t length) {
    if (room < 0) return 0;
    room -= (long long)length;
    if (room >= 0) return 0;
    room = 0;
    errno = ENOSPC;
    return 1;
}

static int faulty(void) {
    int fd = fault ? real_open(fault, O_RDONLY | O_CLOEXEC, 0) : -1;
    if (fd < 0) return 0;
    char text[8] = {0};
    int number = read(fd, text, sizeof text - 1) > 0 ? atoi(text) : 0;
    real_close(fd);
    errno = number;
    return number != 0;
}

// Only what is appended is written so: the offset does not matter.
ssize_t write(int fd, const void *bytes, size_t length) {
    if (!is_tracked(fd)) return real_write(fd, bytes, length);
    pthread_mutex_lock(&lock);
    record('A', tracked[fd] - 1, 0, length, bytes);
    ssize_t written = real_write(fd, bytes, length);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
    if (!is_tracked(fd)) return real_pwrite(fd, bytes, length, offset);
    pthread_mutex_lock(&lock);
    ssize_t written = -1;
    if (!no_room(length) && !faulty()) {
        record('W', tracked[fd] - 1, offset, length, bytes);
        written = real_pwrite(fd, bytes, length, offset);
    }
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

int ftruncate64(int fd, off_t size) {
    if (!is_tracked(fd)) return real_ftruncate(fd, size);
    pthread_mutex_lock(&lock);
    record('T', tracked[fd] - 1, size, 0, NULL);
    int result = real_ftruncate(fd, size);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
    if (!is_tracked(fd)) return real_fsync(fd);
    pthread_mutex_lock(&lock);
    int result = 0;
    if (bad_sync && ++syncs % bad_sync == 0) {
        errno = EIO;
        result = -1;
    } else {
        record('S', tracked[fd] - 1, 0, 0, NULL); // the test loses power, the machine that runs it does not
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int fdatasync(int fd) { return fsync(fd); }

int unlink(const char *path) {
    const char *name = ours(path);
    if (!name) return real_unlink(path);
    pthread_mutex_lock(&lock);
    record('U', number(name), 0, 0, NULL);
    int result = real_unlink(path);
    pthread_mutex_unlock(&lock);
    return result;
}
