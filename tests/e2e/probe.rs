use crate::{definitions::*, home::Home, tty::Tty};
#[test]
fn probe() {
    let keys = std::env::var("PROBE").unwrap_or_default();
    let size = std::env::var("SIZE").unwrap_or("120x40".into());
    let (c, r) = size.split_once('x').unwrap();
    let def = std::env::var("DEF").unwrap_or("TEA".into());
    let text = match def.as_str() {
        "TEA" => TEA,
        "DOUGH" => DOUGH,
        "ERRAND" => ERRAND,
        "TREADMILL" => TREADMILL,
        "KITCHEN" => KITCHEN,
        "ALARM" => ALARM,
        "LETTER" => LETTER,
        _ => "",
    };
    let home = if text.is_empty() {
        Home::with_sample(&def)
    } else {
        Home::with(&[("x.asl.json", text), ("x.input.json", TEA_INPUT)])
    };
    let file = if text.is_empty() { format!("{def}.asl.json") } else { "x.asl.json".to_owned() };
    let mut tty = Tty::start(&home, (c.parse().unwrap(), r.parse().unwrap()), &[&file], &[]);
    tty.wait_header("asldb");
    std::thread::sleep(std::time::Duration::from_millis(200));
    for step in keys.split(" | ").filter(|k| !k.is_empty()) {
        if let Some(text) = step.strip_prefix('\'') {
            tty.send(text)
        } else {
            tty.keys(step)
        }
        std::thread::sleep(std::time::Duration::from_millis(400));
        println!("=== {step}\n{}", tty.text());
    }
    println!("=== end\n{}", tty.text());
}
