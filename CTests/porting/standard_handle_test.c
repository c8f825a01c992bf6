// Linux only: the standard handles, WriteFile and GetFileType, as allocators call them to complain (Learn, each
// function's page).
#include "stream_checks.h"

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

static void each_standard_handle_is_the_same_at_each_call(void) {
    const DWORD numbers[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    HANDLE handles[3];
    for (int i = 0; i < 3; i++) {
        handles[i] = (HANDLE)GRANTED(GetStdHandle(numbers[i]));
        CHECK(handles[i] != INVALID_HANDLE_VALUE && GetStdHandle(numbers[i]) == handles[i]);
    }
    CHECK(handles[0] != handles[1] && handles[1] != handles[2] && handles[0] != handles[2]);
    SetLastError(UNTOUCHED_ERROR);
    CHECK(GetStdHandle(5) == INVALID_HANDLE_VALUE);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
}

static void what_was_set_is_given_unchecked(void) {
    HANDLE before = error_handle();
    REFUSED(SetStdHandle(7, FOREIGN), ERROR_INVALID_HANDLE);
    CHECK(error_handle() == before);
    HANDLE values[] = {FOREIGN, NULL, INVALID_HANDLE_VALUE};
    for (int i = 0; i < 3; i++) {
        GRANTED(SetStdHandle(STD_ERROR_HANDLE, values[i]));
        CHECK(error_handle() == values[i]);
    }
    GRANTED(SetStdHandle(STD_ERROR_HANDLE, before));
}

static void bytes_written_arrive(void) {
    int ends[2];
    CHECK_EQUAL(pipe(ends), 0);
    int before = redirect(ends[1]);
    DWORD written = 99;
    GRANTED(WriteFile(error_handle(), "seven \n", 7, &written, NULL));
    CHECK_EQUAL(written, 7);
    CHECK(strcmp(read_text(ends[0]), "seven \n") == 0);
    GRANTED(WriteFile(error_handle(), "x", 1, NULL, NULL));
    GRANTED(WriteFile(error_handle(), NULL, 0, &written, NULL));
    CHECK_EQUAL(written, 0);
    CHECK(strcmp(read_text(ends[0]), "x") == 0);
    redirect_back(before);
    close(ends[0]);
}

static void *drain(void *file) {
    size_t sum = 0;
    char buffer[4096];
    for (ssize_t count; (count = read(*(int *)file, buffer, sizeof buffer)) > 0;)
        sum += (size_t)count;
    return (void *)sum;
}

static void a_descriptor_that_never_blocks_gets_all_bytes_too(void) {
    static char bytes[1 << 20];
    int ends[2];
    CHECK_EQUAL(pipe(ends), 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    int before = redirect(ends[1]);
    pthread_t reader;
    pthread_create(&reader, NULL, drain, &ends[0]);
    DWORD written = 0;
    GRANTED(WriteFile(error_handle(), bytes, sizeof bytes, &written, NULL));
    redirect_back(before);
    void *sum;
    pthread_join(reader, &sum);
    close(ends[0]);
    CHECK_EQUAL(written, sizeof bytes);
    CHECK_EQUAL((size_t)sum, sizeof bytes);
}

static void refused_writes_write_nothing(void) {
    int ends[2];
    CHECK_EQUAL(pipe(ends), 0);
    int before = redirect(ends[1]);
    DWORD written = 99;
    OVERLAPPED overlapped;
    memset(&overlapped, 0, sizeof overlapped);
    REFUSED(WriteFile(FOREIGN, "x", 1, &written, NULL), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(written, 0);
    REFUSED(WriteFile(NULL, "x", 1, &written, NULL), ERROR_INVALID_HANDLE);
    REFUSED(WriteFile(GetCurrentProcess(), "x", 1, &written, NULL), ERROR_INVALID_HANDLE);
    REFUSED(WriteFile(GetStdHandle(STD_INPUT_HANDLE), "x", 1, &written, NULL), ERROR_ACCESS_DENIED);
    REFUSED(WriteFile(error_handle(), "x", 1, &written, &overlapped), ERROR_NOT_SUPPORTED);
    REFUSED(WriteFile(error_handle(), (void *)8, 1, &written, NULL), ERROR_NOACCESS);
    REFUSED(WriteFile(error_handle(), "x", 1, (LPDWORD)(ULONG_PTR)8, NULL), ERROR_NOACCESS);
    redirect_back(before);
    CHECK(strcmp(read_text(ends[0]), "") == 0);
    close(ends[0]);
}

static void a_pipe_without_reader_is_error_109_and_no_signal(void) {
    int ends[2];
    CHECK_EQUAL(pipe(ends), 0);
    int before = redirect(ends[1]);
    close(ends[0]);
    signal(SIGPIPE, SIG_DFL);
    DWORD written = 99;
    REFUSED(WriteFile(error_handle(), "x", 1, &written, NULL), ERROR_BROKEN_PIPE);
    CHECK_EQUAL(written, 0);
    redirect_back(before);
}

static void a_closed_handle_leaves_the_descriptor_open(void) {
    HANDLE copy;
    GRANTED(DuplicateHandle(GetCurrentProcess(), error_handle(), GetCurrentProcess(), &copy, 0, 0,
                            DUPLICATE_SAME_ACCESS));
    CHECK(copy != error_handle());
    GRANTED(WriteFile(copy, "", 0, NULL, NULL));
    GRANTED(CloseHandle(copy));
    REFUSED(WriteFile(copy, "", 0, NULL, NULL), ERROR_INVALID_HANDLE);
    REFUSED(CloseHandle(copy), ERROR_INVALID_HANDLE);
    CHECK(fcntl(STDERR_FILENO, F_GETFD) >= 0);
    GRANTED(WriteFile(error_handle(), "", 0, NULL, NULL));
}

static DWORD type_of(int file) {
    int before = redirect(file);
    SetLastError(UNTOUCHED_ERROR);
    DWORD type = GetFileType(error_handle());
    redirect_back(before);
    return type;
}

static void each_kind_of_file_has_its_type(void) {
    int pair[2], ends[2];
    CHECK_EQUAL(type_of(open("/dev/null", O_WRONLY)), FILE_TYPE_CHAR);
    CHECK_EQUAL(type_of(open("/proc/self/exe", O_RDONLY)), FILE_TYPE_DISK);
    CHECK_EQUAL(pipe(ends), 0);
    CHECK_EQUAL(type_of(ends[1]), FILE_TYPE_PIPE);
    close(ends[0]);
    CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    CHECK_EQUAL(type_of(pair[0]), FILE_TYPE_PIPE);
    close(pair[1]);
    CHECK_EQUAL(GetLastError(), UNTOUCHED_ERROR);
    CHECK_EQUAL(type_of(open("/", O_RDONLY | O_DIRECTORY)), FILE_TYPE_UNKNOWN);
    CHECK_EQUAL(GetLastError(), NO_ERROR);
    REFUSED(GetFileType(FOREIGN), ERROR_INVALID_HANDLE);
    REFUSED(GetFileType(GetCurrentProcess()), ERROR_INVALID_HANDLE);
}

TEST_PROGRAM(TEST(each_standard_handle_is_the_same_at_each_call),
             TEST(what_was_set_is_given_unchecked), TEST(bytes_written_arrive),
             TEST(a_descriptor_that_never_blocks_gets_all_bytes_too),
             TEST(refused_writes_write_nothing),
             TEST(a_pipe_without_reader_is_error_109_and_no_signal),
             TEST(a_closed_handle_leaves_the_descriptor_open), TEST(each_kind_of_file_has_its_type))
