/* words.c - the rows of data -> texts. */
#include "words.h"

#include "image.h"
#include "lint.h"
#include "provider.h"
#include "rules.h"
#include "situations.h"

#define T(en, tr) (lang == REPLYCODE_TR ? tr : en)
#define NO_WORDS ""

#define FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references) \
  case REPLYCODE__TITLE: return title;                                        \
  case REPLYCODE__MEANING: return meaning;                                    \
  case REPLYCODE__WHEN: return when;                                          \
  case REPLYCODE__REMEDY: return remedy;                                      \
  case REPLYCODE__OPERATOR_REMEDY: return operator_remedy;                    \
  case REPLYCODE__REFERENCES: return references;

#define ROW(label, words) \
  case label:             \
    switch (word) {       \
      words               \
      default: return ""; \
    }

static const char *code_words(uint32_t id, int word, int lang) {
  switch (id) {
#define CODE(code, standing, stages, confusable, references, title, meaning, when, remedy, operator_remedy, send_when) \
  ROW(code, FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references)                                     \
      case REPLYCODE__SEND_WHEN: return send_when;                                                                    \
      case REPLYCODE__CONFUSABLE: return confusable;)
#include "data/codes.def"
#undef CODE
    default: return "";
  }
}

static const char *status_words(uint32_t id, int word, int lang) {
  switch (id) {
#define STATUS_CLASS(number, references, title, meaning, when, remedy, operator_remedy) \
  ROW(REPLYCODE__STATUS_CLASSES + number, FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references))
#define STATUS_SUBJECT(number, references, title, meaning, when, remedy, operator_remedy) \
  ROW(REPLYCODE__STATUS_SUBJECTS + number, FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references))
#define STATUS(subject, detail, classes, codes, references, title, meaning, when, remedy, operator_remedy)          \
  ROW(subject * 1000 + detail, FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references)                \
      case REPLYCODE__CODES: return codes;)
#include "data/statuses.def"
#undef STATUS_CLASS
#undef STATUS_SUBJECT
#undef STATUS
    default: return "";
  }
}

/* ---- Replies at their stage ------------------------------------------------------------------------------------- */

#define REPLYCODE_ANY REPLYCODE_NO_STAGE
#define COMMAND_REPLY(stage, code, references, meaning, next) COMMAND_REPLY_##stage##_##code,
#define COMMAND_VARIANT(stage, code, variant, references, meaning, next) COMMAND_REPLY_##stage##_##code##_##variant,
enum {
  NO_COMMAND_REPLY,
#include "data/command_replies.def"
};
#undef COMMAND_REPLY
#undef COMMAND_VARIANT

uint32_t replycode__command_reply_of(int stage, unsigned code) {
  switch ((unsigned)stage * 1000 + code) {
#define COMMAND_REPLY(stage, code, references, meaning, next) \
  case REPLYCODE_##stage * 1000 + code: return COMMAND_REPLY_##stage##_##code;
#define COMMAND_VARIANT(stage, code, variant, references, meaning, next)
#include "data/command_replies.def"
#undef COMMAND_REPLY
#undef COMMAND_VARIANT
    default: return NO_COMMAND_REPLY;
  }
}

int replycode__command_reply(uint32_t id, struct replycode__command_reply *row) {
  switch (id) {
#define COMMAND_REPLY(at, number, references, meaning, next) \
  case COMMAND_REPLY_##at##_##number:                        \
    row->stage = REPLYCODE_##at, row->code = number, row->variant = ""; return 1;
#define COMMAND_VARIANT(at, number, slug, references, meaning, next) \
  case COMMAND_REPLY_##at##_##number##_##slug:                       \
    row->stage = REPLYCODE_##at, row->code = number, row->variant = #slug; return 1;
#include "data/command_replies.def"
#undef COMMAND_REPLY
#undef COMMAND_VARIANT
    default: return 0;
  }
}

static const char *class_words(uint32_t id, int word, int lang);

/* The title is the code's; a pattern's is its class's. */
static const char *command_reply_title(uint32_t id, int lang) {
  struct replycode__command_reply row = {0, 0, ""};
  replycode__command_reply(id, &row);
  return row.code < 10 ? class_words(row.code, REPLYCODE__TITLE, lang) : code_words(row.code, REPLYCODE__TITLE, lang);
}

static const char *command_reply_words(uint32_t id, int word, int lang) {
  if (word == REPLYCODE__TITLE) return command_reply_title(id, lang);
  switch (id) {
#define COMMAND_REPLY(stage, code, references, meaning, next) \
  ROW(COMMAND_REPLY_##stage##_##code, FIVE_WORDS("", meaning, "", next, "", references))
#define COMMAND_VARIANT(stage, code, variant, references, meaning, next) \
  ROW(COMMAND_REPLY_##stage##_##code##_##variant, FIVE_WORDS("", meaning, "", next, "", references))
#include "data/command_replies.def"
#undef COMMAND_REPLY
#undef COMMAND_VARIANT
    default: return "";
  }
}

/* ---- Slugs ------------------------------------------------------------------------------------------------------ */

static const char *class_words(uint32_t id, int word, int lang) {
  switch (id) {
#define REPLY_CLASS(digit, slug, references, title, meaning, when, remedy, operator_remedy) \
  ROW(digit, FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references))
#include "data/classes.def"
#undef REPLY_CLASS
    default: return "";
  }
}

static const char *cause_labels(uint32_t id) {
  switch (id) {
#define LABELS(NAME, sisimai, kumomta, zone_mta, postalsys) \
  case REPLYCODE_##NAME:                                    \
    return "sisimai: " sisimai "; kumomta: " kumomta "; zone_mta: " zone_mta "; postalsys: " postalsys;
#include "data/labels.def"
#undef LABELS
    default: return "";
  }
}

static const char *cause_words(uint32_t id, int word, int lang) {
  switch (id) {
#define CAUSE(NAME, slug, transience, scope, action, passes, waiting, rank, references, title, meaning, when, remedy, \
              operator_remedy)                                                                                       \
  ROW(REPLYCODE_##NAME, FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references) \
      case REPLYCODE__LABELS: return cause_labels(id);)
#include "data/causes.def"
#undef CAUSE
    default: return "";
  }
}

static const char *scope_words(uint32_t id, int word, int lang) {
  switch (id) {
#define SCOPE(NAME, slug, references, title, meaning) \
  ROW(REPLYCODE_##NAME, FIVE_WORDS(title, meaning, "", "", "", references))
#include "data/scopes.def"
#undef SCOPE
    default: return "";
  }
}

static const char *action_words(uint32_t id, int word, int lang) {
  switch (id) {
#define ACTION(NAME, slug, references, title, meaning, who, again, mail)               \
  ROW(REPLYCODE_##NAME, FIVE_WORDS(title, meaning, "", "", "", references)             \
      case REPLYCODE__WHO: return who; case REPLYCODE__AGAIN: return again;            \
      case REPLYCODE__MAIL: return mail;)
#include "data/actions.def"
#undef ACTION
    default: return "";
  }
}

static const char *stage_words(uint32_t id, int word, int lang) {
  switch (id) {
#define STAGE(NAME, slug, verb, scope, references, title, meaning) \
  ROW(REPLYCODE_##NAME, FIVE_WORDS(title, meaning, "", "", "", references))
#include "data/stages.def"
#undef STAGE
    default: return "";
  }
}

static const char *transience_words(uint32_t id, int word, int lang) {
  switch (id) {
#define TRANSIENCE(NAME, slug, references, title, meaning) \
  ROW(REPLYCODE_##NAME, FIVE_WORDS(title, meaning, "", "", "", references))
#include "data/transiences.def"
#undef TRANSIENCE
    default: return "";
  }
}

static const char *basis_words(uint32_t id, int word, int lang) {
  switch (id) {
#define BASIS(NAME, slug, references, title, meaning) \
  ROW(REPLYCODE_BY_##NAME, FIVE_WORDS(title, meaning, "", "", "", references))
#include "data/bases.def"
#undef BASIS
    default: return "";
  }
}

static const char *malformed_words(uint32_t id, int word, int lang) {
  switch (id) {
#define MALFORMED(NAME, slug, references, title, meaning, when, remedy, operator_remedy) \
  ROW(REPLYCODE_##NAME, FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references))
#include "data/malformed.def"
#undef MALFORMED
    default: return "";
  }
}

static const char *oddity_words(uint32_t id, int word, int lang) {
  switch (id) {
#define ODDITY(NAME, slug, references, title, meaning, when, remedy, operator_remedy) \
  ROW(REPLYCODE_##NAME, FIVE_WORDS(title, meaning, when, remedy, operator_remedy, references))
#include "data/oddities.def"
#undef ODDITY
    default: return "";
  }
}

static const char *finding_words(uint32_t id, int word, int lang) {
  switch (id) {
#define FINDING(NAME, slug, severity, references, title, meaning, remedy) \
  ROW(REPLYCODE__FINDING_##NAME, FIVE_WORDS(title, meaning, "", remedy, "", references))
#include "data/findings.def"
#undef FINDING
    default: return "";
  }
}

/* ---- Rules, providers, blocklists ------------------------------------------------------------------------------- */

static const char *provider_words(uint32_t id, int word, int lang) {
  switch (id) {
#define PROVIDER(NAME, slug, title, help, confirmed, meaning)                                  \
  ROW(REPLYCODE__PROVIDER_##NAME, FIVE_WORDS(title, meaning, "", "", "", help)                 \
      case REPLYCODE__HELP: return help;                                                       \
      case REPLYCODE__CONFIRMED: return confirmed;)
#include "each_provider.h"
    default: return "";
  }
}

static const char *blocklist_words(uint32_t id, int word, int lang) {
  switch (id) {
#define BLOCKLIST(NAME, slug, lists, state, zone, page, source, title, meaning, remedy)        \
  ROW(REPLYCODE__BLOCKLIST_##NAME, FIVE_WORDS(title, meaning, "", remedy, "", source)          \
      case REPLYCODE__HELP: return page;                                                       \
      case REPLYCODE__ZONE: return zone;)
#define LISTED(NAME, slug, cause, pattern, example)
#include "data/blocklists.def"
#undef BLOCKLIST
#undef LISTED
    default: return "";
  }
}

enum remedy {
#define REMEDY(name, words) REMEDY_##name,
#include "each_provider.h"
  NO_REMEDY
};

static const char *remedy_words(enum remedy remedy, int lang) {
  switch (remedy) {
#define REMEDY(name, words) case REMEDY_##name: return words;
#include "each_provider.h"
    default: return "";
  }
}

static const char *rule_reference(uint32_t id) {
  switch (id) {
#define RULE(NAME, slug, reference) case REPLYCODE__##NAME: return reference;
#include "each_rule.h"
    default: return "";
  }
}

#define READING_ROW(NAME, pattern, example)             \
  case NAME:                                            \
    return word == REPLYCODE__PATTERN ? pattern : example;

/* What a row that reads text looks for, and its example. */
static const char *text_words(uint32_t id, int word) {
  switch (id) {
#define TEXT(slug, cause, pattern, source, example) READING_ROW(REPLYCODE__TEXT_##slug, pattern, example)
#define TEXT_IF(slug, cause, pattern, source, example, ...) READING_ROW(REPLYCODE__TEXT_##slug, pattern, example)
#include "each_text.h"
#define PROVIDER_REPLY(NAME, slug, cause, pattern, remedy, source, example, ...) \
  READING_ROW(REPLYCODE__REPLY_##slug, pattern, example)
#define PROVIDER_SELF PROVIDER_REPLY
#include "each_provider.h"
#define BLOCKLIST(NAME, slug, lists, state, zone, page, source, title, meaning, remedy)
#define LISTED(NAME, slug, cause, pattern, example) READING_ROW(REPLYCODE__LISTED_##slug, pattern, example)
#include "data/blocklists.def"
#undef BLOCKLIST
#undef LISTED
    default: return "";
  }
}

/* A provider knows its own remedy. */
static const char *provider_remedy(uint32_t id, int lang) {
  switch (id) {
#define PROVIDER_REPLY(NAME, slug, cause, pattern, remedy, source, example, ...) \
  case REPLYCODE__REPLY_##slug: return remedy_words(REMEDY_##remedy, lang);
#define PROVIDER_SELF PROVIDER_REPLY
#include "each_provider.h"
    default: return "";
  }
}

static const struct replycode__text_rule *text_rule(uint32_t id) {
  return replycode__text_rules(replycode__builtin()) + (id - REPLYCODE__TEXT_RULES);
}

static int reads_text(uint32_t id) { return id >= REPLYCODE__TEXT_RULES && id < REPLYCODE__RULES; }

/* Whose page helps: the provider's or the blocklist's. */
static const char *rule_help(uint32_t id, int lang) {
  if (text_rule(id)->provider != 0) return provider_words(text_rule(id)->provider, REPLYCODE__HELP, lang);
  return blocklist_words(text_rule(id)->blocklist, REPLYCODE__HELP, lang);
}

/* A row that names a blocklist rests on what that list says of itself. */
static const char *rule_source(uint32_t id, int lang) {
  if (!reads_text(id) || text_rule(id)->blocklist == 0) return rule_reference(id);
  return blocklist_words(text_rule(id)->blocklist, REPLYCODE__REFERENCES, lang);
}

static uint32_t cause_of_rule(uint32_t id) {
  if (id < REPLYCODE__TEXT_RULES) return replycode__rule_at((int)id)->cause;
  return text_rule(id)->cause;
}

/* A rule speaks with its cause's words, unless its provider knows better, and gives its own reference. */
static const char *rule_words(uint32_t id, int word, int lang) {
  const char *remedy;
  switch (word) {
    case REPLYCODE__REFERENCES: return rule_source(id, lang);
    case REPLYCODE__LABELS: return "";
    case REPLYCODE__PATTERN:
    case REPLYCODE__EXAMPLE: return text_words(id, word);
    case REPLYCODE__HELP: return reads_text(id) ? rule_help(id, lang) : "";
    case REPLYCODE__REMEDY:
      remedy = provider_remedy(id, lang);
      if (remedy[0] != '\0') return remedy;
      break;
    default: break;
  }
  return id < REPLYCODE__RULES ? cause_words(cause_of_rule(id), word, lang) : "";
}

static const char *situation_words(uint32_t id, int word, int lang) {
  switch (id) {
#define SITUATION(NAME, slug, cause, usual, references, title, why, text) \
  ROW(REPLYCODE__SITUATION_##NAME, FIVE_WORDS(title, why, "", "", "", references) case REPLYCODE__TEXT: return text;)
#define SENT(NAME, stages, code, klass, subject, detail)
#include "data/situations.def"
#undef SITUATION
#undef SENT
    default: return "";
  }
}

const char *replycode__words(int kind, uint32_t id, int word, int lang) {
  switch (kind) {
    case REPLYCODE_KIND_CODE: return code_words(id, word, lang);
    case REPLYCODE_KIND_STATUS: return status_words(id, word, lang);
    case REPLYCODE_KIND_COMMAND_REPLY: return command_reply_words(id, word, lang);
    case REPLYCODE_KIND_CAUSE: return cause_words(id, word, lang);
    case REPLYCODE_KIND_PROVIDER: return provider_words(id, word, lang);
    case REPLYCODE_KIND_BLOCKLIST: return blocklist_words(id, word, lang);
    case REPLYCODE_KIND_RULE: return rule_words(id, word, lang);
    case REPLYCODE_KIND_STAGE: return stage_words(id, word, lang);
    case REPLYCODE_KIND_CLASS: return class_words(id, word, lang);
    case REPLYCODE_KIND_TRANSIENCE: return transience_words(id, word, lang);
    case REPLYCODE_KIND_SCOPE: return scope_words(id, word, lang);
    case REPLYCODE_KIND_ACTION: return action_words(id, word, lang);
    case REPLYCODE_KIND_BASIS: return basis_words(id, word, lang);
    case REPLYCODE_KIND_MALFORMED: return malformed_words(id, word, lang);
    case REPLYCODE_KIND_ODDITY: return oddity_words(id, word, lang);
    case REPLYCODE_KIND_SITUATION: return situation_words(id, word, lang);
    case REPLYCODE_KIND_FINDING: return finding_words(id, word, lang);
    default: return "";
  }
}
