/* compose.c - a reply as it goes over the wire (RFC 5321 section 4.2, RFC 2034 section 4). */
#include "ascii.h"
#include "replycode.h"
#include "status.h"
#include "utf8.h"

/* RFC 5321 section 4.5.3.1.5: 512 octets with CRLF. */
enum { LONGEST_LINE = 510, LARGEST_TEXT = 1 << 27 };

/* ---- Characters ------------------------------------------------------------------------------------------------- */

/* Writes what is sent of the character at `from`, at most 4 bytes; returns how many. *taken is its size. */
static size_t put_character(char *to, const char *from, size_t size, unsigned form, size_t *taken) {
  unsigned char byte = (unsigned char)from[0];
  uint32_t character = 0;
  *taken = 1;
  to[0] = byte < 0x20 || byte == 0x7f ? ' ' : byte < 0x80 ? from[0] : '?';
  if (byte < 0x80) return 1;
  *taken = replycode__utf8(from, size, &character);
  if (*taken == 0) *taken = 1;
  else if (character < 0xa0) to[0] = ' ';
  else if ((form & REPLYCODE_UTF8) == 0) return replycode__ascii(to, character);
  else {
    memcpy(to, from, *taken);
    return *taken;
  }
  return 1;
}

/* ---- Pieces: what one line takes of the text -------------------------------------------------------------------- */

struct rest { const char *at, *end; unsigned form; };   /* of the text, or of one of its lines */

/* Whether this blank is sent: not the first thing in a line, and with one line not behind another. */
static int counts(const char *piece, size_t size, unsigned form) {
  return size > 0 && ((form & REPLYCODE_ONE_LINE) == 0 || piece[size - 1] != ' ');
}

/* Takes what fits the room, up to a word edge when there is one, without blanks at its ends. Returns its size. */
static size_t take_piece(struct rest *rest, size_t room, char *piece) {
  const char *at = rest->at, *edge_at = rest->at;
  size_t size = 0, edge = 0, taken;
  for (; at < rest->end; at += taken) {
    char character[4];
    size_t count = put_character(character, at, (size_t)(rest->end - at), rest->form, &taken);
    int is_blank = count == 1 && character[0] == ' ';
    if (is_blank && !counts(piece, size, rest->form)) continue;
    if (is_blank && piece[size - 1] != ' ') {
      edge = size;
      edge_at = at;
    }
    if (size + count > room) {
      rest->at = edge > 0 ? edge_at : at;
      return edge > 0 ? edge : size;
    }
    memcpy(piece + size, character, count);
    size += count;
  }
  rest->at = rest->end;
  while (size > 0 && piece[size - 1] == ' ') size--;
  return size;
}

/* ---- Text that would be read as a status ------------------------------------------------------------------------ */

/* Whether a line with this code and this text has a status. */
static int has_status(unsigned code, const char *piece, size_t size) {
  struct replycode_reply reply;
  char line[4 + LONGEST_LINE];
  replycode__write_number(line, code);
  line[3] = ' ';
  memcpy(line + 4, piece, size);
  replycode_parse(line, 4 + size, 1, &reply);
  return reply.status.klass != 0;
}

/* Whether the '#' at `at` marks a status. So few bytes hold the longest one and what follows it. */
static int is_mark(const char *piece, size_t at, size_t size) {
  enum { ROOM = sizeof "#5.999.999. " };
  struct replycode__status_found found;
  size_t room = size - at < ROOM ? size - at : ROOM;
  if (piece[at] != '#' || (at > 0 && piece[at - 1] != ' ' && piece[at - 1] != '(' && piece[at - 1] != '[')) return 0;
  return replycode__status_find(piece + at, room, &found) && found.size > 0;
}

static size_t drop_marks(char *piece, size_t size) {
  size_t from, to = 0;
  for (from = 0; from < size; from++)
    if (!is_mark(piece, from, size)) piece[to++] = piece[from];
  return to;
}

/* Puts the number that the text begins with between brackets: two bytes more. */
static size_t enclose(char *piece, size_t size) {
  size_t number = 0;
  while (number < size && (replycode__is_digit(piece[number]) || (piece[number] == '.' && number + 1 < size &&
                                                                  replycode__is_digit(piece[number + 1]))))
    number++;
  memmove(piece + number + 2, piece + number, size - number);
  memmove(piece + 1, piece, number);
  piece[0] = '(';
  piece[number + 1] = ')';
  return size + 2;
}

static size_t disarm(unsigned code, char *piece, size_t size) {
  size = drop_marks(piece, size);
  return has_status(code, piece, size) ? enclose(piece, size) : size;
}

/* The next piece, which never changes what the reply's status is. */
static size_t next_piece(const struct replycode_draft *draft, struct rest *rest, size_t room, char *piece) {
  struct rest before = *rest;
  size_t size = take_piece(rest, room, piece);
  if (draft->status.klass != 0 || !has_status(draft->code, piece, size)) return size;
  if (size > room - 2) {
    *rest = before;
    size = take_piece(rest, room - 2, piece);
  }
  return disarm(draft->code, piece, size);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------ */

struct writer {
  const struct replycode_draft *draft;
  unsigned form;
  char *buffer;                   /* NULL: only the size is asked for */
  size_t size;
  size_t last;                    /* where the last line begins */
  size_t empty;                   /* lines without text that wait for one with text */
  char head[4 + REPLYCODE__STATUS_SIZE];   /* "550-5.1.1" */
  size_t head_size;
};

static void begin(struct writer *writer) {
  const struct replycode_status *status = &writer->draft->status;
  writer->head_size = replycode__write_number(writer->head, writer->draft->code);
  writer->head[writer->head_size++] = '-';
  if (status->klass != 0)
    writer->head_size += replycode__write_status(writer->head + 4, status->klass, status->subject, status->detail);
}

static void put(struct writer *writer, const char *bytes, size_t size) {
  if (writer->buffer != NULL) memcpy(writer->buffer + writer->size, bytes, size);
  writer->size += size;
}

static void put_line(struct writer *writer, const char *text, size_t size) {
  writer->last = writer->size;
  put(writer, writer->head, writer->head_size);
  if (size > 0 && writer->draft->status.klass != 0) put(writer, " ", 1);
  put(writer, text, size);
  if ((writer->form & REPLYCODE_ONE_LINE) == 0) put(writer, "\r\n", 2);
}

static void put_text(struct writer *writer, const char *text, size_t size) {
  for (; writer->empty > 0; writer->empty--) put_line(writer, "", 0);
  put_line(writer, text, size);
}

/* A line of the text, which may take several of the reply. */
static void put_text_line(struct writer *writer, const char *text, size_t text_size) {
  struct rest rest = {text, text + text_size, writer->form};
  size_t room = LONGEST_LINE - writer->head_size - (writer->draft->status.klass != 0), begun = writer->size;
  char piece[LONGEST_LINE];
  do {
    size_t size = next_piece(writer->draft, &rest, room, piece);
    if (size > 0) put_text(writer, piece, size);
    if ((writer->form & REPLYCODE_ONE_LINE) != 0) return;
  } while (rest.at < rest.end);
  if (writer->size == begun) writer->empty++;
}

static void put_lines(struct writer *writer) {
  const char *at = writer->draft->text;
  size_t left = writer->draft->size;
  while (left > 0) {
    const char *end = (writer->form & REPLYCODE_ONE_LINE) != 0 ? NULL : memchr(at, '\n', left);
    size_t size = end == NULL ? left : (size_t)(end - at);
    put_text_line(writer, at, size);
    left -= size;
    at += size;
    if (end == NULL) continue;
    at++;
    left--;
  }
}

static void put_reply(struct writer *writer) {
  static const char words[][16] = {"OK", "Go ahead", "Failed for now", "Failed for good"};
  const char *instead = words[writer->draft->code / 100 - 2];
  begin(writer);
  put_lines(writer);
  writer->empty = 0;
  if (writer->size == 0) put_text(writer, instead, strlen(instead));
  if (writer->buffer != NULL) writer->buffer[writer->last + 3] = ' ';
}

/* ---- Drafts ----------------------------------------------------------------------------------------------------- */

static int fits_grammar(unsigned code, unsigned form) {
  return code >= ((form & REPLYCODE_ONE_LINE) != 0 ? 400 : 200) && code <= 559 && code / 10 % 10 <= 5;
}

/* RFC 2034 section 4: the class is the code's first digit, and 3yz have no status. */
static int fits_code(const struct replycode_status *status, unsigned code) {
  if (status->klass == 0) return 1;
  return status->klass == code / 100 && status->klass != 3 && status->subject <= 999 && status->detail <= 999;
}

size_t replycode_compose(const struct replycode_draft *draft, unsigned form, char *buffer, size_t capacity) {
  struct writer writer = {draft, form, NULL, 0, 0, 0, "", 0};
  size_t need;
  if (form > (REPLYCODE_ONE_LINE | REPLYCODE_UTF8) || draft->size > LARGEST_TEXT) return 0;
  if (!fits_grammar(draft->code, form) || !fits_code(&draft->status, draft->code)) return 0;
  put_reply(&writer);
  need = writer.size;
  if (need > capacity) return need;
  writer.buffer = buffer;
  writer.size = 0;
  put_reply(&writer);
  return need;
}
