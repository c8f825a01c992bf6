/* Advice 16: in C++, a type that needs a destructor cannot be promised to be plain. */
#define WIN32MEMORY_SEH_CXX
#include <windows.h>

struct plain {
    int number;
};
WIN32MEMORY_SEH_PLAIN(plain);
WIN32MEMORY_SEH_PLAIN(plain[3]);

#ifdef WITH_A_DESTRUCTOR
struct owner {
    ~owner() {}
};
WIN32MEMORY_SEH_PLAIN(owner);
#endif
