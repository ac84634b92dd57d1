//! Files in all forms.
