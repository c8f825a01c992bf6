/*
 * The floating-point environment and the kinds of numbers of <float.h>. Source: Learn, _control87,
 * _controlfp_s, _statusfp, _clearfp, _fpclass. Flags are written _EM_*, because mingw-w64 has no _SW_*,
 * which are the same numbers.
 */
#include <float.h>
#include <math.h>
#include <string.h>
#include "expect.h"

#ifdef _SW_INVALID
typedef char
    flags_have_the_values_of_masks[_SW_INVALID == _EM_INVALID && _SW_DENORMAL == _EM_DENORMAL ? 1
                                                                                              : -1];
#endif

#define EVERYTHING (_MCW_EM | _MCW_RC | _MCW_DN)

static volatile double one = 1, three = 3, zero = 0, smallest = DBL_MIN;

static void rounding_is_set_and_told(void) {
    double down, up;
    EXPECT((_controlfp(_RC_DOWN, _MCW_RC) & _MCW_RC) == _RC_DOWN);
    down = one / three;
    EXPECT((_controlfp(_RC_UP, _MCW_RC) & _MCW_RC) == _RC_UP);
    up = one / three;
    EXPECT(down < up);
    EXPECT((_controlfp(_RC_NEAR, _MCW_RC) & _MCW_RC) == _RC_NEAR);
}

static void no_mask_asks_only(void) {
    unsigned int before = _control87(0, 0), after = 0;
    EXPECT((before & _MCW_EM) == _MCW_EM);
    EXPECT(_controlfp_s(&after, _RC_CHOP, 0) == 0);
    EXPECT(after == before);
    EXPECT(_controlfp_s(NULL, 0, 0) == 0);
}

static void flags_are_told_and_cleared(void) {
    volatile double result;
    (void)_clearfp();
    EXPECT((_statusfp() & _EM_ZERODIVIDE) == 0);
    result = one / zero;
    EXPECT(_statusfp() & _EM_ZERODIVIDE);
    EXPECT(_clearfp() & _EM_ZERODIVIDE);
    EXPECT(_statusfp() == 0);
    result = zero / zero;
    EXPECT(_clearfp() & _EM_INVALID);
    result = one / three;
    EXPECT(_clearfp() == _EM_INEXACT);
    (void)result;
}

static void only_control87_changes_the_mask_of_denormals(void) {
    EXPECT(_controlfp(0, _EM_DENORMAL) & _EM_DENORMAL);
    EXPECT((_control87(0, _EM_DENORMAL) & _EM_DENORMAL) == 0);
    EXPECT((_control87(_EM_DENORMAL, _EM_DENORMAL) & _EM_DENORMAL) != 0);
}

static void denormal_results_can_be_zero(void) {
    volatile double half;
    EXPECT((_controlfp(_DN_FLUSH, _MCW_DN) & _MCW_DN) == _DN_FLUSH);
    half = smallest / 2;
    EXPECT(half == 0);
    EXPECT((_controlfp(_DN_SAVE, _MCW_DN) & _MCW_DN) == _DN_SAVE);
    half = smallest / 2;
    EXPECT(half != 0);
    (void)_clearfp();
}

static void every_setting_is_kept_beside_the_others(void) {
    static const unsigned int masks[] = {_EM_INEXACT,    _EM_UNDERFLOW, _EM_OVERFLOW,
                                         _EM_ZERODIVIDE, _EM_INVALID,   _EM_DENORMAL};
    size_t i;
    (void)_clearfp();
    for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        unsigned int word = _control87(_RC_NEAR | (_MCW_EM & ~masks[i]), EVERYTHING);
        EXPECT((_control87(_MCW_EM, EVERYTHING) & EVERYTHING) == _MCW_EM);
        EXPECT((word & _MCW_EM) == (_MCW_EM & ~masks[i]));
    }
}

/* mingw-w64's own _fpreset is about the x87 unit alone. */
static void reset_gives_the_settings_of_a_new_thread(void) {
#ifdef WIN32MEMORY_FLOAT_H
    (void)_control87(_RC_CHOP | _DN_FLUSH, EVERYTHING);
    _fpreset();
    EXPECT((_control87(0, 0) & EVERYTHING) == (_CW_DEFAULT & EVERYTHING) && _statusfp() == 0);
#endif
}

static void each_number_has_its_class(void) {
    unsigned long long signalling_bits = 0x7FF0000000000001;
    double signalling;
    memcpy(&signalling, &signalling_bits, sizeof(signalling));
    EXPECT(_fpclass(signalling) == _FPCLASS_SNAN);
    EXPECT(_fpclass(zero / zero) == _FPCLASS_QNAN);
    EXPECT(_fpclass(-one / zero) == _FPCLASS_NINF && _fpclass(one / zero) == _FPCLASS_PINF);
    EXPECT(_fpclass(-one) == _FPCLASS_NN && _fpclass(one) == _FPCLASS_PN);
    EXPECT(_fpclass(-smallest / 2) == _FPCLASS_ND && _fpclass(smallest / 2) == _FPCLASS_PD);
    EXPECT(_fpclass(-zero) == _FPCLASS_NZ && _fpclass(zero) == _FPCLASS_PZ);
    EXPECT(_finite(one) && !_finite(one / zero) && _isnan(zero / zero) && !_isnan(one));
    EXPECT(_copysign(three, -one) == -three && _chgsign(three) == -three);
}

int main(void) {
    rounding_is_set_and_told();
    no_mask_asks_only();
    flags_are_told_and_cleared();
    only_control87_changes_the_mask_of_denormals();
    denormal_results_can_be_zero();
    every_setting_is_kept_beside_the_others();
    reset_gives_the_settings_of_a_new_thread();
    each_number_has_its_class();
    return expect_status;
}
