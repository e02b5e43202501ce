/*
 * A disk that loses what was not synced, for one process: loaded by LD_PRELOAD, it stands between the program and libc.
 *
 * Every change of a file below TALLY_CUT_WATCH is first written to the log TALLY_CUT_LOG, with the bytes it replaces, and
 * only then done. A sync is written to the log and not done: after a cut the harness (after-cut.ts) builds the files anew
 * from the log, and what the log does not call synced may be gone. The log lies in the page cache, which outlives a kill.
 *
 * The control page TALLY_CUT_CONTROL holds two 64-bit counters: changes so far, and at which one the power is cut (0:
 * never). The cut is a SIGKILL to ourselves before that change. SQLite's -shm is memory and not disk: it is not watched.
 *
 * What this file does not know how to undo on a watched file ends the process with 97 and a sentence.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE = 2, SYNC = 3, CREATE = 4, RENAME = 5, UNLINK = 6 };
enum { MAGIC = 0x54554354, MAX_FDS = 4096, NOT_KNOWN = 97 };

/* Little-endian, as disk-log.ts reads it; behind it path, second path, old bytes, new bytes. */
struct entry {
  uint32_t magic;
  uint32_t kind;
  uint32_t path_len;
  uint32_t path2_len;
  uint64_t offset;
  uint64_t old_size;
  uint32_t old_len;
  uint32_t new_len;
};
struct watched {
  char *path;
  dev_t dev;
  ino_t ino;
};
struct control {
  _Atomic uint64_t changes;
  _Atomic uint64_t cut_at;
};

static struct watched files[MAX_FDS];
static struct control *control;
static const char *watch;
static size_t watch_len;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, args) \
  static type(*real) args; \
  if (real == NULL) real = (type(*) args)dlsym(RTLD_NEXT, name)

static void refuse(const char *what, const char *path) {
  dprintf(2, "cut.c: %s on %s cannot be undone, so it cannot be lost\n", what, path);
  _exit(NOT_KNOWN);
}

static int raw_open(const char *path, int flags, mode_t mode) {
  REAL(int, "open64", (const char *, int, ...));
  return real(path, flags, mode);
}

/* Past our own close(), which takes the lock. */
static void raw_close(int fd) {
  REAL(int, "close", (int));
  real(fd);
}

static ssize_t raw_write(int fd, const void *bytes, size_t length) {
  REAL(ssize_t, "write", (int, const void *, size_t));
  return real(fd, bytes, length);
}

__attribute__((constructor)) static void begin(void) {
  const char *log_path = getenv("TALLY_CUT_LOG");
  const char *control_path = getenv("TALLY_CUT_CONTROL");
  watch = getenv("TALLY_CUT_WATCH");
  if (watch == NULL || log_path == NULL || control_path == NULL) return;
  watch_len = strlen(watch);
  int fd = raw_open(control_path, O_RDWR | O_CLOEXEC, 0);
  log_fd = raw_open(log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  void *page = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED || log_fd < 0) refuse("watching", watch);
  control = page;
}

static int is_watched(const char *path) {
  if (log_fd < 0 || path == NULL || strncmp(path, watch, watch_len) != 0) return 0;
  if (path[watch_len] != '/' && path[watch_len] != 0) return 0;
  size_t length = strlen(path);
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

/* The path behind an fd; NULL where it is not ours. libuv closes past libc, so the number may mean another file by now. */
static const char *path_of(int fd) {
  if (log_fd < 0 || fd < 0 || fd >= MAX_FDS || files[fd].path == NULL) return NULL;
  struct stat now;
  if (fstat(fd, &now) == 0 && now.st_dev == files[fd].dev && now.st_ino == files[fd].ino) return files[fd].path;
  free(files[fd].path);
  files[fd].path = NULL;
  return NULL;
}

static void remember(int fd, const char *path) {
  if (fd >= MAX_FDS) refuse("an fd beyond the table", path);
  struct stat now;
  if (fstat(fd, &now) != 0) refuse("fstat", path);
  free(files[fd].path);
  files[fd] = (struct watched){.path = strdup(path), .dev = now.st_dev, .ino = now.st_ino};
}

static uint64_t size_of(const char *path) {
  struct stat now;
  return stat(path, &now) == 0 ? (uint64_t)now.st_size : 0;
}

/* What lies at `from`, at most `length` bytes: to be freed. */
static char *read_old(const char *path, uint64_t from, uint64_t length, uint32_t *got) {
  *got = 0;
  if (length == 0) return NULL;
  int fd = raw_open(path, O_RDONLY | O_CLOEXEC, 0);
  char *bytes = malloc(length);
  if (fd < 0 || bytes == NULL) refuse("reading", path);
  while (*got < length) {
    ssize_t n = pread(fd, bytes + *got, length - *got, (off_t)(from + *got));
    if (n < 0) refuse("reading", path);
    if (n == 0) break;
    *got += (uint32_t)n;
  }
  raw_close(fd);
  return bytes;
}

/* Counts one change, cuts the power where it is due, else tells the log. Called under the lock. */
static void tell(struct entry e, const char *path, const char *path2, const void *old, const void *new) {
  uint64_t change = atomic_fetch_add(&control->changes, 1) + 1;
  uint64_t cut_at = atomic_load(&control->cut_at);
  if (cut_at != 0 && change >= cut_at) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  e.magic = MAGIC;
  e.path_len = (uint32_t)strlen(path);
  e.path2_len = path2 == NULL ? 0 : (uint32_t)strlen(path2);
  size_t total = sizeof e + e.path_len + e.path2_len + e.old_len + e.new_len;
  char *all = malloc(total), *to = all;
  if (all == NULL) refuse("logging", path);
  const struct { const void *from; size_t length; } parts[] = {
      {&e, sizeof e}, {path, e.path_len}, {path2, e.path2_len}, {old, e.old_len}, {new, e.new_len}};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (parts[i].length > 0) memcpy(to, parts[i].from, parts[i].length);
    to += parts[i].length;
  }
  for (size_t done = 0; done < total;) {
    ssize_t n = raw_write(log_fd, all + done, total - done);
    if (n < 0 && errno != EINTR) refuse("logging", path);
    if (n > 0) done += (size_t)n;
  }
  free(all);
}

static void tell_write(const char *path, uint64_t at, const void *bytes, size_t length) {
  uint64_t size = size_of(path);
  uint64_t end = at + length < size ? at + length : size;
  struct entry e = {.kind = WRITE, .offset = at, .old_size = size, .new_len = (uint32_t)length};
  char *old = read_old(path, at, end > at ? end - at : 0, &e.old_len);
  tell(e, path, NULL, old, bytes);
  free(old);
}

static void tell_truncate(const char *path, uint64_t to) {
  struct entry e = {.kind = TRUNCATE, .offset = to, .old_size = size_of(path)};
  char *old = read_old(path, to, e.old_size > to ? e.old_size - to : 0, &e.old_len);
  tell(e, path, NULL, old, NULL);
  free(old);
}

/* For a name that is about to mean nothing, or something else: its content, so that the old meaning can come back. */
static void tell_name(uint32_t kind, const char *path, const char *path2, const char *losing) {
  struct stat there;
  struct entry e = {.kind = kind, .offset = losing != NULL && stat(losing, &there) == 0};
  char *old = e.offset == 0 ? NULL : read_old(losing, 0, (uint64_t)there.st_size, &e.old_len);
  tell(e, path, path2, old, NULL);
  free(old);
}

static int opened(const char *path, int flags, mode_t mode) {
  if (!is_watched(path)) return raw_open(path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat before;
  int there = stat(path, &before) == 0;
  if ((flags & O_CREAT) && !there) tell_name(CREATE, path, NULL, NULL);
  if ((flags & O_TRUNC) && there && before.st_size > 0) tell_truncate(path, 0);
  int fd = raw_open(path, flags, mode);
  if (fd >= 0) remember(fd, path);
  pthread_mutex_unlock(&lock);
  return fd;
}

static mode_t mode_in(int flags, va_list rest) {
  return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0;
}
#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = mode_in(flags, rest); \
    va_end(rest); \
    return opened(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  REAL(int, "close", (int));
  if (fd >= 0 && fd < MAX_FDS && files[fd].path != NULL) {
    pthread_mutex_lock(&lock);
    free(files[fd].path);
    files[fd].path = NULL;
    pthread_mutex_unlock(&lock);
  }
  return real(fd);
}

/* Runs `told` and then `done` under the lock where the fd is watched; otherwise only `done`. */
#define CHANGE(fd, told, type, done) \
  if (log_fd < 0 || fd < 0 || fd >= MAX_FDS || files[fd].path == NULL) return done; \
  pthread_mutex_lock(&lock); \
  const char *path = path_of(fd); \
  if (path != NULL) told; \
  type result = done; \
  pthread_mutex_unlock(&lock); \
  return result

static uint64_t place_of(int fd, const char *path) {
  return (fcntl(fd, F_GETFL) & O_APPEND) ? size_of(path) : (uint64_t)lseek(fd, 0, SEEK_CUR);
}

static void tell_parts(const char *path, uint64_t at, const struct iovec *parts, int count) {
  for (int i = 0; i < count; at += parts[i].iov_len, i++) tell_write(path, at, parts[i].iov_base, parts[i].iov_len);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  CHANGE(fd, tell_write(path, place_of(fd, path), bytes, length), ssize_t, raw_write(fd, bytes, length));
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, "writev", (int, const struct iovec *, int));
  CHANGE(fd, tell_parts(path, place_of(fd, path), parts, count), ssize_t, real(fd, parts, count));
}
#define PWRITE(name) \
  ssize_t name(int fd, const void *bytes, size_t length, off_t at) { \
    REAL(ssize_t, #name, (int, const void *, size_t, off_t)); \
    CHANGE(fd, tell_write(path, (uint64_t)at, bytes, length), ssize_t, real(fd, bytes, length, at)); \
  }
PWRITE(pwrite)
PWRITE(pwrite64)
#define PWRITEV(name) \
  ssize_t name(int fd, const struct iovec *parts, int count, off_t at) { \
    REAL(ssize_t, #name, (int, const struct iovec *, int, off_t)); \
    CHANGE(fd, tell_parts(path, (uint64_t)at, parts, count), ssize_t, real(fd, parts, count, at)); \
  }
PWRITEV(pwritev)
PWRITEV(pwritev64)
#define FTRUNCATE(name) \
  int name(int fd, off_t to) { \
    REAL(int, #name, (int, off_t)); \
    CHANGE(fd, tell_truncate(path, (uint64_t)to), int, real(fd, to)); \
  }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

/* The log is the disk here: written there it counts as synced, and the real disk need not be waited for. */
#define SYNCING(name) \
  int name(int fd) { \
    REAL(int, #name, (int)); \
    if (log_fd < 0 || fd < 0 || fd >= MAX_FDS || files[fd].path == NULL) return real(fd); \
    pthread_mutex_lock(&lock); \
    const char *path = path_of(fd); \
    if (path != NULL) tell((struct entry){.kind = SYNC}, path, NULL, NULL, NULL); \
    pthread_mutex_unlock(&lock); \
    return path != NULL ? 0 : real(fd); \
  }
SYNCING(fsync)
SYNCING(fdatasync)

int rename(const char *from, const char *to) {
  REAL(int, "rename", (const char *, const char *));
  if (!is_watched(from) && !is_watched(to)) return real(from, to);
  if (!is_watched(from) || !is_watched(to)) refuse("a rename across the watched folder's edge", to);
  pthread_mutex_lock(&lock);
  if (access(from, F_OK) == 0) tell_name(RENAME, from, to, to);
  int result = real(from, to);
  for (int fd = 0; fd < MAX_FDS && result == 0; fd++) {
    if (files[fd].path == NULL || strcmp(files[fd].path, from) != 0) continue;
    free(files[fd].path);
    files[fd].path = strdup(to);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

#define UNLINKING(name) \
  int name(const char *gone) { \
    REAL(int, #name, (const char *)); \
    if (!is_watched(gone)) return real(gone); \
    pthread_mutex_lock(&lock); \
    if (access(gone, F_OK) == 0) tell_name(UNLINK, gone, NULL, gone); \
    int result = real(gone); \
    pthread_mutex_unlock(&lock); \
    return result; \
  }
UNLINKING(unlink)
UNLINKING(remove)

static void never(const char *what, const char *path) {
  if (path != NULL && log_fd >= 0) refuse(what, path);
}
#define NOT_ON_WATCHED(type, name, args, pass, what_path) \
  type name args { \
    REAL(type, #name, args); \
    never(#name, what_path); \
    return real pass; \
  }
#define OURS(text) (is_watched(text) ? text : NULL)
NOT_ON_WATCHED(int, truncate64, (const char *name, off_t to), (name, to), OURS(name))
NOT_ON_WATCHED(int, link, (const char *from, const char *to), (from, to), OURS(to))
NOT_ON_WATCHED(int, fallocate64, (int fd, int mode, off_t at, off_t len), (fd, mode, at, len), path_of(fd))
NOT_ON_WATCHED(int, posix_fallocate64, (int fd, off_t at, off_t len), (fd, at, len), path_of(fd))
NOT_ON_WATCHED(ssize_t, sendfile64, (int to, int from, off_t *at, size_t n), (to, from, at, n), path_of(to))
NOT_ON_WATCHED(ssize_t, copy_file_range,
               (int from, off_t *from_at, int to, off_t *to_at, size_t n, unsigned flags),
               (from, from_at, to, to_at, n, flags), path_of(to))

void *mmap64(void *at, size_t length, int prot, int flags, int fd, off_t from) {
  REAL(void *, "mmap64", (void *, size_t, int, int, int, off_t));
  if ((flags & MAP_SHARED) && (prot & PROT_WRITE) && path_of(fd) != NULL) refuse("a shared mapping", path_of(fd));
  return real(at, length, prot, flags, fd, from);
}
