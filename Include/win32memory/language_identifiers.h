/*
 * Language and locale identifiers, as FormatMessage takes them.
 */
#ifndef WIN32MEMORY_LANGUAGE_IDENTIFIERS_H
#define WIN32MEMORY_LANGUAGE_IDENTIFIERS_H

#include "base_types.h"

#define MAKELANGID(primary, sub) ((WORD)((WORD)((WORD)(sub) << 10) | (WORD)(primary)))
#define PRIMARYLANGID(language) ((WORD)((WORD)(language)&0x3ff))
#define SUBLANGID(language) ((WORD)((WORD)(language) >> 10))
#define SORT_DEFAULT 0x0
#define MAKELCID(language, sort) ((LCID)((LCID)(WORD)(sort) << 16 | (WORD)(language)))
#define LANGIDFROMLCID(locale) ((WORD)(locale))

#define LANG_NEUTRAL 0x00
#define LANG_INVARIANT 0x7f
#define LANG_GERMAN 0x07
#define LANG_ENGLISH 0x09
#define LANG_FRENCH 0x0c

#define SUBLANG_NEUTRAL 0x00
#define SUBLANG_DEFAULT 0x01
#define SUBLANG_SYS_DEFAULT 0x02
#define SUBLANG_ENGLISH_US 0x01
#define SUBLANG_ENGLISH_UK 0x02

#define LANG_SYSTEM_DEFAULT MAKELANGID(LANG_NEUTRAL, SUBLANG_SYS_DEFAULT)
#define LANG_USER_DEFAULT MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT)
#define LOCALE_SYSTEM_DEFAULT MAKELCID(LANG_SYSTEM_DEFAULT, SORT_DEFAULT)
#define LOCALE_USER_DEFAULT MAKELCID(LANG_USER_DEFAULT, SORT_DEFAULT)

#endif
