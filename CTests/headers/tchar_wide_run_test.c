/* tchar.h with _UNICODE. The C library here begins at main whatever the width. */
#define UNICODE
#define _UNICODE
#include "tchar_rules.h"

int main(void) {
    return _tmain();
}
