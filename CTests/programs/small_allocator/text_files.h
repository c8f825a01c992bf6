// Reads whole files into memory of an allocator.
#ifndef TEXT_FILES_H
#define TEXT_FILES_H

#include "allocator.h"

struct text_file {
    char *letters; // not terminated
    size_t letter_count;
};

struct text_files {
    struct allocator *allocator;
    struct text_file *files;
    uint32_t file_count;
    uint32_t file_capacity;
    size_t letter_count;
    uint32_t unreadable_count;
};

// Adds the file at `path`; an unreadable one is counted and left out. False when memory ran out.
bool text_files_add(struct text_files *texts, const char *path);
// Adds every file named in the file at `list_path`, one path to a line.
bool text_files_add_list(struct text_files *texts, const char *list_path);
void text_files_destroy(struct text_files *texts);

#endif
