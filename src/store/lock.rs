//! One process a store: a lock file beside it, and a file that says where the process serves.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use fs4::FileExt;
use fs4::TryLockError;

use super::OpenError;

/// Held as long as the store is open; the operating system lets go of it when the process ends, however it does.
pub(super) struct Lock {
    _file: File,
    url: PathBuf,
}

impl Lock {
    pub(super) fn take(store: &Path) -> Result<Self, OpenError> {
        let path = beside(store, "lock");
        let fault = |source| OpenError::File { path: path.clone(), source };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(fault)?;
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse { url: owner(store) }),
            Err(TryLockError::Error(source)) => return Err(fault(source)),
        }
        let url = beside(store, "url");
        // What a killed process left there is no longer true.
        match fs::remove_file(&url) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(OpenError::File { path: url, source: error });
            }
            _ => {}
        }
        Ok(Self { _file: file, url })
    }

    pub(super) fn announce(&self, url: &str) -> io::Result<()> {
        fs::write(&self.url, url)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A file that stays is removed by the next process.
        let _ = fs::remove_file(&self.url);
    }
}

/// Where the process that has `store` open serves, as far as it said.
#[must_use]
pub fn owner(store: &Path) -> Option<String> {
    let url = fs::read_to_string(beside(store, "url")).ok()?;
    let url = url.trim();
    (!url.is_empty()).then(|| url.to_owned())
}

/// `STORE.ending`
fn beside(store: &Path, ending: &str) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
