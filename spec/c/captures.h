/* captures.h - recorded sessions below a folder: NAME.raw, the server's bytes, and NAME.txt, the same behind "S: ". */
#ifndef CAPTURES_H
#define CAPTURES_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1         /* lstat */
#endif

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LONGEST_PATH = 4096 };

struct capture_file { char *bytes; size_t size; };

struct capture {
  const char *path;               /* of NAME.raw */
  struct capture_file raw, txt;
};

static void capture_fail(const char *path) {
  perror(path);
  exit(2);
}

static struct capture_file capture_read(const char *path) {
  struct capture_file file = {NULL, 0};
  FILE *stream = fopen(path, "rb");
  long size = -1;
  if (stream == NULL || fseek(stream, 0, SEEK_END) != 0 || (size = ftell(stream)) < 0) capture_fail(path);
  rewind(stream);
  file.size = (size_t)size;
  file.bytes = malloc(file.size + 1);
  if (file.bytes == NULL || fread(file.bytes, 1, file.size, stream) != file.size) capture_fail(path);
  fclose(stream);
  return file;
}

static void capture_visit(const char *path, void (*visit)(const struct capture *)) {
  struct capture capture;
  char txt[LONGEST_PATH];
  size_t size = strlen(path);
  memcpy(txt, path, size + 1);
  memcpy(txt + size - 3, "txt", 3);
  capture.path = path;
  capture.raw = capture_read(path);
  capture.txt = capture_read(txt);
  visit(&capture);
  free(capture.raw.bytes);
  free(capture.txt.bytes);
}

static int capture_has_end(const char *path, const char *end) {
  size_t size = strlen(path), length = strlen(end);
  return size > length && strcmp(path + size - length, end) == 0;
}

/* Returns how many there are. */
static int captures_below(const char *folder, void (*visit)(const struct capture *)) {
  DIR *dir = opendir(folder);
  struct dirent *name;
  struct stat about;
  char path[LONGEST_PATH];
  int count = 0;
  if (dir == NULL) capture_fail(folder);
  while ((name = readdir(dir)) != NULL) {
    if (name->d_name[0] == '.') continue;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name->d_name) >= sizeof path) capture_fail(folder);
    if (lstat(path, &about) != 0) capture_fail(path);
    if (S_ISDIR(about.st_mode)) count += captures_below(path, visit);
    if (!S_ISREG(about.st_mode) || !capture_has_end(path, ".raw")) continue;
    capture_visit(path, visit);
    count++;
  }
  closedir(dir);
  return count;
}

#endif
