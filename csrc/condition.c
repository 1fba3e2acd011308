/* condition.c - "5xx" and "5.7.x" -> what is compared. */
#include "condition.h"

static int is_x(char byte) {
  return byte == 'x' || byte == 'X';
}

int replycode__read_code(const char *text, uint16_t *code) {
  if (text[0] != '4' && text[0] != '5') return 0;
  *code = (uint16_t)(text[0] - '0');
  if (is_x(text[1]) && is_x(text[2])) return text[3] == '\0';
  if (!replycode__is_digit(text[1]) || !replycode__is_digit(text[2])) return 0;
  *code = (uint16_t)(*code * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
  return text[3] == '\0';
}

/* Up to three digits. Returns how many. */
static size_t read_number(const char *text, uint16_t *number) {
  size_t at = 0;
  *number = 0;
  while (at < 3 && replycode__is_digit(text[at])) *number = (uint16_t)(*number * 10 + (text[at++] - '0'));
  return at;
}

static int read_details(const char *text, struct replycode__text_rule *rule) {
  size_t size = read_number(text, &rule->detail_from), to_size;
  if (size == 0) return 0;
  rule->detail_to = rule->detail_from;
  text += size;
  if (*text == '\0') return 1;
  if (*text++ != '-') return 0;
  to_size = read_number(text, &rule->detail_to);
  return to_size > 0 && text[to_size] == '\0' && rule->detail_to >= rule->detail_from;
}

int replycode__read_status(const char *text, struct replycode__text_rule *rule) {
  uint16_t subject;
  size_t size;
  if (is_x(text[0])) rule->klass = 0xff;
  else if (text[0] == '4' || text[0] == '5') rule->klass = (uint8_t)(text[0] - '0');
  else return 0;
  if (text[1] != '.') return 0;
  text += 2;
  size = is_x(text[0]) ? 1 : read_number(text, &subject);
  if (size == 0 || (!is_x(text[0]) && subject > 254)) return 0;
  rule->subject = is_x(text[0]) ? 0xff : (uint8_t)subject;
  text += size;
  if (*text++ != '.') return 0;
  rule->detail_from = 0;
  rule->detail_to = 0xffff;
  if (is_x(text[0])) return text[1] == '\0';
  return read_details(text, rule);
}
