//! Values that name files: `file://` for text, `fileb://` for bytes, which are text here, too.

use std::path::PathBuf;

/// What `value` stands for: the contents of the file it names, or itself.
///
/// # Errors
/// A file that cannot be read, in the words of the AWS CLI.
pub fn load(value: &str) -> Result<String, String> {
    let path = value.strip_prefix("file://").or_else(|| value.strip_prefix("fileb://"));
    let Some(path) = path else { return Ok(value.to_owned()) };
    let path = expand(path);
    let bytes = std::fs::read(&path).map_err(|error| format!("Unable to load paramfile {value}: {error}"))?;
    String::from_utf8(bytes).map_err(|_| {
        format!("Unable to load paramfile ({}), text contents could not be decoded: it is not UTF-8", path.display())
    })
}

/// `~` and `$NAME`, `${NAME}` written out; unknown names stay.
fn expand(path: &str) -> PathBuf {
    let path = variables(path, &|name| std::env::var(name).ok());
    let home = path.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
    home.unwrap_or_else(|| PathBuf::from(path))
}

fn variables(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (name, len) = match after.strip_prefix('{').and_then(|braced| braced.split_once('}')) {
            Some((name, _)) => (name, name.len() + 2),
            None => {
                let len = after.find(|c| !is_name(c)).unwrap_or(after.len());
                (&after[..len], len)
            }
        };
        let known = if name.is_empty() { None } else { value(name) };
        out.push_str(&known.unwrap_or_else(|| rest[at..=at + len].to_owned()));
        rest = &after[len..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_paths_are_written_out() {
        let value = |name: &str| (name == "A_1").then(|| "x".to_owned());
        for (path, written) in [
            ("a/b", "a/b"),
            ("$A_1/b", "x/b"),
            ("a/${A_1}b", "a/xb"),
            ("$B/$", "$B/$"),
            ("${B}", "${B}"),
            ("${A_1", "${A_1"),
        ] {
            assert_eq!(variables(path, &value), written);
        }
    }

    #[test]
    fn only_file_values_are_loaded() {
        assert_eq!(load("x"), Ok("x".to_owned()));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("input.json");
        std::fs::write(&path, "{\"a\": 1}\n").expect("a file");
        assert_eq!(load(&format!("file://{}", path.display())), Ok("{\"a\": 1}\n".to_owned()));
        assert_eq!(load(&format!("fileb://{}", path.display())), Ok("{\"a\": 1}\n".to_owned()));
        std::fs::write(&path, [0xff]).expect("a file");
        assert!(load(&format!("file://{}", path.display())).is_err_and(|error| error.contains("UTF-8")));
        let missing = load("file:///no/such/file").expect_err("it is missing");
        assert!(missing.starts_with("Unable to load paramfile file:///no/such/file: "), "{missing}");
    }
}
