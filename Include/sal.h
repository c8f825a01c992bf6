/*
 * Source annotations: they say something to Microsoft's analyser and vanish here. The lower-case
 * ones of old (__in, __out) are not defined: libstdc++ has parameters of these names.
 */
#ifndef WIN32MEMORY_SAL_H
#define WIN32MEMORY_SAL_H

#include "win32memory/sal_buffers.h"

#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Inout_opt_z_
#define _Out_
#define _Out_opt_
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_opt_result_maybenull_
#define _Outptr_result_z_
#define _Outptr_result_nullonfailure_
#define _COM_Outptr_
#define _COM_Outptr_opt_
#define _Outref_
#define _Reserved_
#define _Const_
#define _Notnull_
#define _Maybenull_
#define _Null_
#define _Null_terminated_
#define _NullNull_terminated_
#define _Points_to_data_
#define _Literal_
#define _Notliteral_
#define _Strict_type_match_
#define _Printf_format_string_
#define _Scanf_format_string_
#define _Frees_ptr_
#define _Frees_ptr_opt_

#define _Pre_
#define _Pre_defensive_
#define _Pre_invalid_
#define _Pre_maybenull_
#define _Pre_notnull_
#define _Pre_null_
#define _Pre_opt_valid_
#define _Pre_unknown_
#define _Pre_valid_
#define _Pre_z_
#define _Post_
#define _Post_defensive_
#define _Post_invalid_
#define _Post_maybenull_
#define _Post_notnull_
#define _Post_null_
#define _Post_ptr_invalid_
#define _Post_valid_
#define _Post_z_
#define _Prepost_z_
#define _Deref_post_opt_valid_
#define _Deref_post_valid_

#define _Ret_
#define _Ret_maybenull_
#define _Ret_maybenull_z_
#define _Ret_notnull_
#define _Ret_null_
#define _Ret_opt_valid_
#define _Ret_valid_
#define _Ret_z_
#define _Must_inspect_result_
#define _Check_return_
#define _Check_return_opt_
#define _Use_decl_annotations_
#define _Raises_SEH_exception_
#define _Always_(annotations)
#define _At_(target, annotations)
#define _At_buffer_(target, iterator, bound, annotations)
#define _Group_(annotations)
#define _On_failure_(annotations)
#define _Return_type_success_(expression)
#define _Satisfies_(expression)
#define _Success_(expression)
#define _When_(expression, annotations)
#define _In_range_(low, high)
#define _Out_range_(low, high)
#define _Ret_range_(low, high)
#define _Deref_in_range_(low, high)
#define _Deref_out_range_(low, high)
#define _Pre_satisfies_(expression)
#define _Post_satisfies_(expression)
#define _Post_equal_to_(expression)
#define _Field_range_(low, high)
#define _Field_z_
#define _Struct_size_bytes_(byte_count)

#define _Acquires_exclusive_lock_(lock)
#define _Acquires_lock_(lock)
#define _Acquires_nonreentrant_lock_(lock)
#define _Acquires_shared_lock_(lock)
#define _Create_lock_level_(level)
#define _Guarded_by_(lock)
#define _Has_lock_kind_(kind)
#define _Has_lock_level_(level)
#define _Interlocked_
#define _Interlocked_operand_
#define _Lock_level_order_(a, b)
#define _Maybe_raises_SEH_exception_
#define _No_competing_thread_
#define _Post_same_lock_(a, b)
#define _Releases_exclusive_lock_(lock)
#define _Releases_lock_(lock)
#define _Releases_nonreentrant_lock_(lock)
#define _Releases_shared_lock_(lock)
#define _Requires_exclusive_lock_held_(lock)
#define _Requires_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _Requires_no_locks_held_
#define _Requires_shared_lock_held_(lock)
#define _Write_guarded_by_(lock)
#define _Function_class_(name)
#define _IRQL_requires_max_(level)

#define _Analysis_assume_(expression)
#define _Analysis_assume_lock_acquired_(lock)
#define _Analysis_assume_lock_held_(lock)
#define _Analysis_assume_lock_not_held_(lock)
#define _Analysis_assume_lock_released_(lock)
#define _Analysis_assume_nullterminated_(string)
#define _Analysis_mode_(mode)
#define _Analysis_noreturn_
#define __analysis_assume(expression)

#endif
