// Memory resource notifications, and what stands for a job object.
#include "memory_checks.h"

// Learn, CreateMemoryResourceNotification
static void memory_is_not_scarce_and_plentiful_at_once(void) {
    HANDLE low = (HANDLE)GRANTED(CreateMemoryResourceNotification(LowMemoryResourceNotification));
    HANDLE high = (HANDLE)GRANTED(CreateMemoryResourceNotification(HighMemoryResourceNotification));
    BOOL is_low = 7, is_high = 7;
    CHECK(low != high);
    GRANTED(QueryMemoryResourceNotification(low, &is_low));
    GRANTED(QueryMemoryResourceNotification(high, &is_high));
    CHECK((is_low == TRUE || is_low == FALSE) && (is_high == TRUE || is_high == FALSE));
    CHECK(!(is_low && is_high));
    MEMORYSTATUSEX status;
    status.dwLength = sizeof status;
    CHECK(GlobalMemoryStatusEx(&status));
    if (status.ullAvailPhys > (DWORDLONG)1 << 30)
        CHECK(is_high && !is_low);
    GRANTED(CloseHandle(low));
    GRANTED(CloseHandle(high));
}

// Learn, QueryMemoryResourceNotification
static void only_a_notification_can_be_queried(void) {
    BOOL state = 7;
    HANDLE low = CreateMemoryResourceNotification(LowMemoryResourceNotification);
    REFUSED(CreateMemoryResourceNotification((MEMORY_RESOURCE_NOTIFICATION_TYPE)2),
            ERROR_INVALID_PARAMETER);
    REFUSED(QueryMemoryResourceNotification(NULL, &state), ERROR_INVALID_PARAMETER);
    GRANTED(CloseHandle(low));
    REFUSED(QueryMemoryResourceNotification(low, &state), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(state, 7);
}

// Learn, QueryInformationJobObject; census: the collector asks in this order
static void a_job_is_there_if_and_only_if_it_limits_memory(void) {
    BOOL in_job = 7;
    DWORD length = 0;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    memset(&limits, 0xEE, sizeof limits);
    GRANTED(IsProcessInJob(GetCurrentProcess(), NULL, &in_job));
    GRANTED(QueryInformationJobObject(NULL, JobObjectExtendedLimitInformation, &limits,
                                      sizeof limits, &length));
    CHECK_EQUAL(length, sizeof limits);
    BOOL is_limited = (limits.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_JOB_MEMORY) != 0;
    CHECK_EQUAL(is_limited, in_job);
    CHECK_EQUAL(limits.JobMemoryLimit != 0, is_limited);
}

// Learn, QueryInformationJobObject, IsProcessInJob
static void job_queries_check_their_arguments(void) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    BOOL in_job = 7;
    REFUSED(QueryInformationJobObject(NULL, JobObjectExtendedLimitInformation, &limits, 8, NULL),
            ERROR_BAD_LENGTH);
    REFUSED(QueryInformationJobObject(NULL, (JOBOBJECTINFOCLASS)99, &limits, sizeof limits, NULL),
            ERROR_INVALID_PARAMETER);
    REFUSED(IsProcessInJob(NULL, NULL, &in_job), ERROR_INVALID_HANDLE);
    REFUSED(IsProcessInJob(GetCurrentProcess(), (HANDLE)0x7FFFFFFC, &in_job), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(in_job, 7);
}

TEST_PROGRAM(TEST(memory_is_not_scarce_and_plentiful_at_once),
             TEST(only_a_notification_can_be_queried),
             TEST(a_job_is_there_if_and_only_if_it_limits_memory),
             TEST(job_queries_check_their_arguments))
