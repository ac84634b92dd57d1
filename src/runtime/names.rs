//! The names that local executions go by.

use std::path::Path;

use crate::engine::Names;

/// The account and region of local ARNs.
const ACCOUNT: &str = "123456789012";
const REGION: &str = "us-east-1";

/// The name of the state machine in `file`: the file's name without its endings.
#[must_use]
pub fn machine_name(file: &Path) -> String {
    let name = file.file_name().map_or_else(|| "definition".into(), |name| name.to_string_lossy());
    let name = name.split(".asl.").next().unwrap_or(&name);
    let stem = name.strip_suffix(".json").or_else(|| name.strip_suffix(".yaml")).or_else(|| name.strip_suffix(".yml"));
    // What the API does not take in a name.
    stem.unwrap_or(name).replace(|c: char| c.is_whitespace() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c), "-")
}

/// The names of an execution of `machine` whose random numbers start from `seed`.
#[must_use]
pub fn names(machine: &str, seed: u64, express: bool) -> Names {
    let execution = uuid(seed);
    let execution_arn = if express {
        let run = uuid(seed.wrapping_add(1));
        format!("arn:aws:states:{REGION}:{ACCOUNT}:express:{machine}:{execution}:{run}")
    } else {
        format!("arn:aws:states:{REGION}:{ACCOUNT}:execution:{machine}:{execution}")
    };
    Names {
        execution_arn: execution_arn.into(),
        execution_name: execution.into(),
        machine_arn: format!("arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{machine}").into(),
        machine_name: machine.into(),
        role_arn: format!("arn:aws:iam::{ACCOUNT}:role/asldb").into(),
        region: REGION.into(),
    }
}

/// A seed that differs from run to run.
#[must_use]
pub fn new_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    // The standard library seeds its hashers from the operating system.
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

/// A version 4 UUID made of `seed`.
#[must_use]
pub fn uuid(seed: u64) -> String {
    let mut bits = [seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (seed >> 29), seed.wrapping_mul(0xBF58_476D_1CE4_E5B9)];
    for word in &mut bits {
        *word ^= *word >> 31;
        *word = word.wrapping_mul(0x94D0_49BB_1331_11EB);
        *word ^= *word >> 29;
    }
    let [high, low] = bits;
    format!(
        "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xFFFF,
        high & 0xFFF,
        8 + (low >> 62),
        low >> 48 & 0xFFF,
        low & 0xFFFF_FFFF_FFFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_named_after_their_files() {
        for (file, name) in [
            ("samples/order.asl.json", "order"),
            ("order.asl.yaml", "order"),
            ("order.json", "order"),
            ("my flow.yml", "my-flow"),
            ("Makefile", "Makefile"),
        ] {
            assert_eq!(machine_name(Path::new(file)), name);
        }
    }

    #[test]
    fn execution_names_are_uuids_and_follow_the_seed() {
        let name = names("m", 7, false).execution_name;
        assert_eq!(name, names("m", 7, false).execution_name);
        assert_ne!(name, names("m", 8, false).execution_name);
        assert_eq!((name.len(), name.as_bytes()[14]), (36, b'4'));
    }
}
