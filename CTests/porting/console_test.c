// Linux only: the console functions on terminals and elsewhere, and MessageBox (Learn, each function's page).
#include "stream_checks.h"

#include <sys/ioctl.h>
#include <termios.h>

// The functions of ptys are declared only for X/Open programs.
extern int posix_openpt(int flags);
extern int grantpt(int file);
extern int unlockpt(int file);
extern int ptsname_r(int file, char *name, size_t byte_count);

// The master's end of a terminal of 132 by 43, whose other end is standard error.
static int terminal(int *before) {
    char name[64];
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    CHECK(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0 &&
          ptsname_r(master, name, sizeof name) == 0);
    struct winsize size = {43, 132, 0, 0};
    ioctl(master, TIOCSWINSZ, &size);
    struct termios plain;
    int slave = open(name, O_RDWR | O_NOCTTY);
    tcgetattr(slave, &plain);
    plain.c_oflag &= ~(tcflag_t)OPOST;
    tcsetattr(slave, TCSANOW, &plain);
    *before = redirect(slave);
    return master;
}

static void a_terminal_is_a_console_of_its_size(void) {
    int before, master = terminal(&before);
    CONSOLE_SCREEN_BUFFER_INFO info;
    DWORD mode = 0, written = 99;
    BOOL wrote = WriteConsoleA(error_handle(), "text", 4, &written, NULL);
    BOOL knows = GetConsoleScreenBufferInfo(error_handle(), &info);
    BOOL has_mode = GetConsoleMode(error_handle(), &mode);
    redirect_back(before);
    CHECK(wrote && knows && has_mode);
    CHECK_EQUAL(written, 4);
    CHECK(strcmp(read_text(master), "text") == 0);
    CHECK(info.dwSize.X == 132 && info.dwSize.Y == 43);
    CHECK(info.srWindow.Left == 0 && info.srWindow.Right == 131 && info.srWindow.Bottom == 42);
    CHECK_EQUAL(mode, ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT |
                          ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    close(master);
}

static void wide_text_arrives_as_utf8(void) {
    static WCHAR text[1000], sign[] = {'a', 0xE9, 0x20AC, 'z'};
    for (int i = 0; i < 1000; i++)
        text[i] = sign[i % 4];
    int before, master = terminal(&before);
    DWORD written = 0, none = 99;
    BOOL wrote = WriteConsoleW(error_handle(), text, 1000, &written, NULL);
    BOOL nothing = WriteConsoleW(error_handle(), NULL, 0, &none, NULL);
    redirect_back(before);
    CHECK(wrote && nothing);
    CHECK_EQUAL(written, 1000);
    CHECK_EQUAL(none, 0);
    const char *got = read_text(master);
    CHECK_EQUAL(strlen(got), 7 * 250);
    for (int i = 0; i < 250; i++)
        CHECK(memcmp(got + 7 * i, "a\xC3\xA9\xE2\x82\xACz", 7) == 0);
    close(master);
}

static void refused_console_writes_write_nothing(void) {
    int before, master = terminal(&before);
    DWORD written = 99;
    REFUSED(WriteConsoleA(error_handle(), (void *)8, 4, &written, NULL), ERROR_NOACCESS);
    REFUSED(WriteConsoleW(error_handle(), (void *)8, 4, &written, NULL), ERROR_NOACCESS);
    REFUSED(WriteConsoleA(error_handle(), "x", 1, (LPDWORD)(ULONG_PTR)8, NULL), ERROR_NOACCESS);
    REFUSED(GetConsoleScreenBufferInfo(error_handle(), NULL), ERROR_NOACCESS);
    REFUSED(GetConsoleMode(error_handle(), NULL), ERROR_NOACCESS);
    fcntl(master, F_SETFL, O_NONBLOCK);
    CHECK(strcmp(read_text(master), "") == 0);
    redirect_back(before);
    close(master);
}

// So that programs use WriteFile.
static void a_pipe_is_no_console(void) {
    int ends[2];
    CHECK_EQUAL(pipe(ends), 0);
    int before = redirect(ends[1]);
    CONSOLE_SCREEN_BUFFER_INFO info;
    memset(&info, 0x5A, sizeof info);
    DWORD written = 99, mode = 77;
    REFUSED(WriteConsoleA(error_handle(), "x", 1, &written, NULL), ERROR_INVALID_HANDLE);
    REFUSED(WriteConsoleW(error_handle(), L"x", 1, &written, NULL), ERROR_INVALID_HANDLE);
    REFUSED(GetConsoleScreenBufferInfo(error_handle(), &info), ERROR_INVALID_HANDLE);
    REFUSED(GetConsoleMode(error_handle(), &mode), ERROR_INVALID_HANDLE);
    REFUSED(GetConsoleMode(FOREIGN, &mode), ERROR_INVALID_HANDLE);
    CHECK(written == 99 && mode == 77 && info.wAttributes == 0x5A5A);
    redirect_back(before);
    CHECK(strcmp(read_text(ends[0]), "") == 0);
    close(ends[0]);
}

static void a_message_box_is_a_line_and_its_default_button(void) {
    static const struct {
        UINT type;
        int answer;
    } rows[] = {{MB_OK, IDOK},
                {MB_OK | MB_ICONERROR | MB_TASKMODAL, IDOK},
                {MB_OKCANCEL | MB_DEFBUTTON2, IDCANCEL},
                {MB_ABORTRETRYIGNORE, IDABORT},
                {MB_ABORTRETRYIGNORE | MB_DEFBUTTON2, IDABORT},
                {MB_ABORTRETRYIGNORE | MB_DEFBUTTON3, IDIGNORE},
                {MB_YESNOCANCEL, IDYES},
                {MB_YESNO | MB_DEFBUTTON2, IDNO},
                {MB_RETRYCANCEL, IDCANCEL},
                {MB_CANCELTRYCONTINUE | MB_DEFBUTTON3, IDCONTINUE}};
    int ends[2];
    CHECK_EQUAL(pipe(ends), 0);
    int before = redirect(ends[1]);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_row("type 0x%x", rows[i].type);
        CHECK_EQUAL((int)(ULONG_PTR)GRANTED(MessageBoxA(NULL, "text", "what", rows[i].type)),
                    rows[i].answer);
        CHECK(strcmp(read_text(ends[0]), "what: text\n") == 0);
    }
    CHECK_EQUAL(MessageBoxW(NULL, L"wide", NULL, MB_OK), IDOK);
    CHECK(strcmp(read_text(ends[0]), "Error: wide\n") == 0);
    REFUSED(MessageBoxA(NULL, "text", "what", 9), ERROR_INVALID_MSGBOX_STYLE);
    redirect_back(before);
    CHECK(strcmp(read_text(ends[0]), "") == 0);
    close(ends[0]);
}

TEST_PROGRAM(TEST(a_terminal_is_a_console_of_its_size), TEST(wide_text_arrives_as_utf8),
             TEST(refused_console_writes_write_nothing), TEST(a_pipe_is_no_console),
             TEST(a_message_box_is_a_line_and_its_default_button))
