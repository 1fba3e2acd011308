/* each_text.h - every general row that reads text, and the signals. Define some of TEXT, TEXT_IF and SIGNAL before; what is not
 * defined is left out, and all are undefined behind. May be included any number of times. Internal. */
#ifndef TEXT
#define TEXT(slug, cause, pattern, source, example)
#endif
#ifndef TEXT_IF
#define TEXT_IF(slug, cause, pattern, source, example, ...)
#endif
#ifndef SIGNAL
#define SIGNAL(slug, role, pattern, example)
#endif
#include "data/texts.def"
#undef TEXT
#undef TEXT_IF
#undef SIGNAL
