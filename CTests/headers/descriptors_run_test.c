/*
 * <io.h>, <direct.h>, <process.h> and <conio.h>. Source: Learn, the page of each function.
 */
#include <conio.h>
#include <direct.h>
#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <share.h>
#include <sys/stat.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "expect.h"

/* Beside the program, so that several can run at once. */
static char folder[900], file_name[1000], missing_name[1000];

static int open_new(void) {
    return _open(file_name, _O_CREAT | _O_TRUNC | _O_RDWR | _O_BINARY, _S_IREAD | _S_IWRITE);
}

static void a_folder_is_made_once_and_removed(void) {
    char before[1000], after[1000];
    EXPECT(_mkdir(folder) == 0);
    errno = 0;
    EXPECT(_mkdir(folder) == -1 && errno == EEXIST);
    EXPECT(_getcwd(before, sizeof(before)) == before);
    EXPECT(_chdir(folder) == 0);
    EXPECT(_getcwd(after, sizeof(after)) == after && strcmp(before, after) != 0);
    EXPECT(_chdir(before) == 0);
    EXPECT(_rmdir(folder) == 0);
    EXPECT(_rmdir(folder) == -1 && errno == ENOENT);
}

static void a_folder_in_too_small_a_buffer_is_refused(void) {
    char small[2];
    errno = 0;
    EXPECT(_getcwd(small, sizeof(small)) == NULL && errno == ERANGE);
}

static void bytes_are_written_and_read_as_they_are(void) {
    char bytes[8] = "";
    int file = open_new();
    EXPECT(file != -1);
    EXPECT(_write(file, "a\r\nb\n\032c", 7) == 7);
    EXPECT(_telli64(file) == 7 && _tell(file) == 7 && _eof(file) == 1);
    EXPECT(_lseeki64(file, 1, SEEK_SET) == 1 && _lseek(file, -1, SEEK_CUR) == 0 && _eof(file) == 0);
    EXPECT(_read(file, bytes, sizeof(bytes)) == 7 && memcmp(bytes, "a\r\nb\n\032c", 7) == 0);
    EXPECT(_filelengthi64(file) == 7 && _filelength(file) == 7);
    EXPECT(_commit(file) == 0);
    EXPECT(_setmode(file, _O_BINARY) == _O_BINARY);
    EXPECT(_close(file) == 0);
}

static void a_file_is_cut_and_extended(void) {
    int file = open_new();
    EXPECT(_chsize(file, 100) == 0 && _filelength(file) == 100);
    EXPECT(_chsize_s(file, 10) == 0 && _filelength(file) == 10);
    EXPECT(_close(file) == 0);
}

static void dup2_returns_zero(void) {
    int file = open_new(), copy = _dup(file);
    EXPECT(copy != -1 && copy != file);
    EXPECT(_dup2(file, copy) == 0);
    EXPECT(_write(copy, "x", 1) == 1 && _tell(file) == 1);
    EXPECT(_close(copy) == 0 && _close(file) == 0);
}

static void a_pipe_carries_bytes(void) {
    int ends[2];
    char byte = 0;
    EXPECT(_pipe(ends, 4096, _O_BINARY) == 0);
    EXPECT(_write(ends[1], "x", 1) == 1 && _read(ends[0], &byte, 1) == 1 && byte == 'x');
    EXPECT(_close(ends[0]) == 0 && _close(ends[1]) == 0);
}

static void the_secure_forms_return_the_error(void) {
    int file = 0;
    EXPECT(_sopen_s(&file, missing_name, _O_RDONLY, _SH_DENYNO, 0) == ENOENT && file == -1);
    EXPECT(_sopen_s(&file, file_name, _O_RDONLY, _SH_DENYNO, 0) == 0 && file != -1);
    EXPECT(_close(file) == 0);
    EXPECT(_access_s(file_name, 4) == 0 && _access_s(missing_name, 0) == ENOENT);
}

static void a_file_is_looked_for_and_removed(void) {
    EXPECT(_access(file_name, 0) == 0 && _access(file_name, 6) == 0);
    EXPECT(_unlink(file_name) == 0);
    errno = 0;
    EXPECT(_access(file_name, 0) == -1 && errno == ENOENT);
    EXPECT(_unlink(file_name) == -1 && errno == ENOENT);
}

static void the_process_has_a_number(void) {
    EXPECT(_getpid() > 0);
    EXPECT(_getpid() == (int)getpid());
}

static void a_program_that_is_missing_is_not_run(void) {
    const char *const arguments[] = {"none", NULL};
    errno = 0;
    EXPECT(_execv(missing_name, arguments) == -1 && errno == ENOENT);
}

int main(int argument_count, char **arguments) {
    (void)argument_count;
    snprintf(folder, sizeof(folder), "%s.folder", arguments[0]);
    snprintf(file_name, sizeof(file_name), "%s/file", folder);
    snprintf(missing_name, sizeof(missing_name), "%s/none", folder);
    a_folder_is_made_once_and_removed();
    a_folder_in_too_small_a_buffer_is_refused();
    EXPECT(_mkdir(folder) == 0);
    bytes_are_written_and_read_as_they_are();
    a_file_is_cut_and_extended();
    dup2_returns_zero();
    a_pipe_carries_bytes();
    the_secure_forms_return_the_error();
    a_file_is_looked_for_and_removed();
    EXPECT(_rmdir(folder) == 0);
    the_process_has_a_number();
    a_program_that_is_missing_is_not_run();
    return expect_status;
}
