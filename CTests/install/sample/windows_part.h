/*
 * What the Linux part of the sample calls of its Windows part.
 */
#ifndef WINDOWS_PART_H
#define WINDOWS_PART_H

/* 0 if every call behaved as on Windows, else the number of the step that did not. */
int use_windows_memory(void);

#endif
