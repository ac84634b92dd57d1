//! The 18 intrinsic functions, `States.Format` and its kin.
