// Whole-file reading for the word index. See text_files.h.
#include "text_files.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_CAPACITY = 64, LONGEST_PATH = 4096 };

static bool make_room(struct text_files *texts) {
    if (texts->file_count < texts->file_capacity)
        return true;
    uint32_t capacity = texts->file_capacity ? 2 * texts->file_capacity : FIRST_CAPACITY;
    struct text_file *files =
        allocator_reallocate(texts->allocator, texts->files, capacity * sizeof *files);
    if (!files)
        return false;
    texts->files = files;
    texts->file_capacity = capacity;
    return true;
}

// The length of an open file, or 0 for what has none (a directory, a pipe, an empty file).
static size_t length_of(FILE *file) {
    if (fseek(file, 0, SEEK_END) != 0)
        return 0;
    long end = ftell(file);
    rewind(file);
    return end > 0 && end < 1 << 30 ? (size_t)end : 0;
}

bool text_files_add(struct text_files *texts, const char *path) {
    FILE *file = fopen(path, "rb");
    size_t letter_count = file ? length_of(file) : 0;
    if (letter_count == 0) {
        texts->unreadable_count += file == NULL;
        if (file)
            fclose(file);
        return true;
    }
    char *letters = make_room(texts) ? allocator_allocate(texts->allocator, letter_count) : NULL;
    if (letters) {
        struct text_file *added = &texts->files[texts->file_count++];
        added->letters = letters;
        added->letter_count = fread(letters, 1, letter_count, file);
        texts->letter_count += added->letter_count;
    }
    fclose(file);
    return letters != NULL;
}

bool text_files_add_list(struct text_files *texts, const char *list_path) {
    FILE *list = fopen(list_path, "r");
    if (!list) {
        texts->unreadable_count++;
        return true;
    }
    char path[LONGEST_PATH];
    bool added = true;
    while (added && fgets(path, sizeof path, list)) {
        path[strcspn(path, "\r\n")] = '\0';
        if (path[0] != '\0')
            added = text_files_add(texts, path);
    }
    fclose(list);
    return added;
}

void text_files_destroy(struct text_files *texts) {
    for (uint32_t number = 0; number < texts->file_count; number++)
        allocator_free(texts->allocator, texts->files[number].letters);
    allocator_free(texts->allocator, texts->files);
    texts->files = NULL;
    texts->file_count = 0;
}
