/* slug.c - numbers <-> slugs, for every kind that has them. */
#include "bytes.h"
#include "lint.h"
#include "provider.h"
#include "rules.h"
#include "situations.h"
#include "slug.h"

static const char *stage_slug(int value) {
  switch (value) {
#define STAGE(NAME, slug, verb, scope, references, title, meaning) case REPLYCODE_##NAME: return slug;
#include "data/stages.def"
#undef STAGE
    default: return NULL;
  }
}

static const char *class_slug(int value) {
  switch (value) {
#define REPLY_CLASS(digit, slug, references, title, meaning, when, remedy, operator_remedy) \
  case digit: return sizeof slug > 1 ? slug : NULL;
#include "data/classes.def"
#undef REPLY_CLASS
    default: return NULL;
  }
}

static const char *transience_slug(int value) {
  switch (value) {
#define TRANSIENCE(NAME, slug, references, title, meaning) case REPLYCODE_##NAME: return slug;
#include "data/transiences.def"
#undef TRANSIENCE
    default: return NULL;
  }
}

static const char *cause_slug(int value) {
  switch (value) {
#define CAUSE(NAME, slug, transience, scope, action, passes, waiting, rank, references, title, meaning, when, remedy, \
              operator_remedy)                                                                                       \
  case REPLYCODE_##NAME: return #slug;
#include "data/causes.def"
#undef CAUSE
    default: return NULL;
  }
}

static const char *scope_slug(int value) {
  switch (value) {
#define SCOPE(NAME, slug, references, title, meaning) case REPLYCODE_##NAME: return #slug;
#include "data/scopes.def"
#undef SCOPE
    default: return NULL;
  }
}

static const char *action_slug(int value) {
  switch (value) {
#define ACTION(NAME, slug, references, title, meaning, who, again, mail) case REPLYCODE_##NAME: return #slug;
#include "data/actions.def"
#undef ACTION
    default: return NULL;
  }
}

static const char *basis_slug(int value) {
  switch (value) {
#define BASIS(NAME, slug, references, title, meaning) case REPLYCODE_BY_##NAME: return slug;
#include "data/bases.def"
#undef BASIS
    default: return NULL;
  }
}

static const char *waiting_slug(int value) {
  switch (value) {
    case REPLYCODE_WAITING_HELPS: return "helps";
    case REPLYCODE_WAITING_USELESS: return "useless";
    default: return NULL;
  }
}

static const char *malformed_slug(int value) {
  switch (value) {
#define MALFORMED(NAME, slug, references, title, meaning, when, remedy, operator_remedy) case REPLYCODE_##NAME: return #slug;
#include "data/malformed.def"
#undef MALFORMED
    default: return NULL;
  }
}

static const char *oddity_slug(int value) {
  switch (value) {
#define ODDITY(NAME, slug, references, title, meaning, when, remedy, operator_remedy) case REPLYCODE_##NAME: return #slug;
#include "data/oddities.def"
#undef ODDITY
    default: return NULL;
  }
}

static const char *finding_slug(int value) {
  switch (value) {
#define FINDING(NAME, slug, severity, references, title, meaning, remedy) case REPLYCODE__FINDING_##NAME: return #slug;
#include "data/findings.def"
#undef FINDING
    default: return NULL;
  }
}

static const char *provider_slug(int value) {
  switch (value) {
#define PROVIDER(NAME, slug, title, help, confirmed, meaning) case REPLYCODE__PROVIDER_##NAME: return #slug;
#include "each_provider.h"
    default: return NULL;
  }
}

static const char *blocklist_slug(int value) {
  switch (value) {
#define BLOCKLIST(NAME, slug, lists, state, zone, page, source, title, meaning, remedy) \
  case REPLYCODE__BLOCKLIST_##NAME: return #slug;
#define LISTED(NAME, slug, cause, pattern, example)
#include "data/blocklists.def"
#undef BLOCKLIST
#undef LISTED
    default: return NULL;
  }
}

static const char *rule_slug(int value) {
  switch (value) {
#define RULE(NAME, slug, reference) case REPLYCODE__##NAME: return slug;
#include "each_rule.h"
    default: return NULL;
  }
}

static const char *situation_slug(int value) {
  switch (value) {
#define SITUATION(NAME, slug, cause, usual, references, title, why, text) case REPLYCODE__SITUATION_##NAME: return #slug;
#define SENT(NAME, stages, code, klass, subject, detail)
#include "data/situations.def"
#undef SITUATION
#undef SENT
    default: return NULL;
  }
}

static const char *kind_slug(int value) {
  switch (value) {
#define KIND(NAME, slug) case REPLYCODE_KIND_##NAME: return slug;
#include "data/kinds.def"
#undef KIND
    default: return NULL;
  }
}

const char *replycode_slug(int kind, int value) {
  switch (kind) {
    case REPLYCODE_KIND_STAGE: return stage_slug(value);
    case REPLYCODE_KIND_CLASS: return class_slug(value);
    case REPLYCODE_KIND_TRANSIENCE: return transience_slug(value);
    case REPLYCODE_KIND_CAUSE: return cause_slug(value);
    case REPLYCODE_KIND_SCOPE: return scope_slug(value);
    case REPLYCODE_KIND_ACTION: return action_slug(value);
    case REPLYCODE_KIND_BASIS: return basis_slug(value);
    case REPLYCODE_KIND_WAITING: return waiting_slug(value);
    case REPLYCODE_KIND_MALFORMED: return malformed_slug(value);
    case REPLYCODE_KIND_ODDITY: return oddity_slug(value);
    case REPLYCODE_KIND_FINDING: return finding_slug(value);
    case REPLYCODE_KIND_PROVIDER: return provider_slug(value);
    case REPLYCODE_KIND_BLOCKLIST: return blocklist_slug(value);
    case REPLYCODE_KIND_RULE: return rule_slug(value);
    case REPLYCODE_KIND_KIND: return kind_slug(value);
    case REPLYCODE_KIND_SITUATION: return situation_slug(value);
    default: return NULL;
  }
}

/* Values run from 1, oddities as bits. */
int replycode_value(int kind, const char *slug, size_t size) {
  int value = 1, gaps = replycode__last_gap(kind);
  for (;;) {
    const char *known = replycode_slug(kind, value);
    if (known != NULL && replycode__equals(slug, size, known)) return value;
    if (known == NULL && value > gaps) return 0;
    value = kind == REPLYCODE_KIND_ODDITY ? value * 2 : value + 1;
  }
}
