//! connect whatsapp: the QR code from the server's picture to the terminal's cells.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use serde_json::{Value, json};
use vt100::Color;

use crate::browser::{browser_starts, with_browser};
use crate::estate::{Estate, YEARS};
use crate::support::{FakeApi, Home, Reply, Run, until};
use crate::tty::Terminal;

const ID: &str = "65b37833afe781e84afa00aa";
const CONNECT: [&str; 6] = ["connect", "whatsapp", "--name", "Toko Kopi", "--phone", "+62 812-3456-7890"];

/// A picture of that text as the API sends it, six pixels a module.
fn picture(text: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(text).unwrap();
    let side = (code.width() + 8) * 6;
    let dark = |at: usize| {
        let (x, y) = ((at % side / 6).wrapping_sub(4), (at / side / 6).wrapping_sub(4));
        x < code.width() && y < code.width() && code[(x, y)] == qrcode::Color::Dark
    };
    let pixels: Vec<u8> = (0..side * side).map(|at| if dark(at) { 0 } else { 255 }).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A server whose channel shows these in turn, look by look; then the phone is linked.
fn server(looks: Vec<Value>) -> (FakeApi, Arc<AtomicUsize>) {
    let looked = Arc::new(AtomicUsize::new(0));
    let count = looked.clone();
    let api = FakeApi::start(move |asked| {
        if asked.method == "POST" {
            return Reply::Json(201, json!({ "_id": ID }).to_string());
        }
        if asked.target.contains("/channel?") {
            return Reply::Json(200, json!({ "docs": [] }).to_string());
        }
        let mut channel = json!({ "_id": ID, "name": "Toko Kopi", "channelType": "whatsapp-unofficial",
            "channelId": "081234567890", "isConnected": false, "isTimeout": false });
        match looks.get(count.fetch_add(1, Ordering::SeqCst)) {
            Some(fields) => channel.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone()),
            None => channel["isConnected"] = json!(true),
        }
        Reply::Json(200, channel.to_string())
    });
    (api, looked)
}

fn showing(qrcode: &str) -> Value {
    json!({ "additionalData": { "qrcode": qrcode } })
}

/// What a telephone reads off the screen: nothing, or the one code that is there. `dark` is the terminal's theme.
fn scan(screen: &vt100::Screen, dark: bool) -> Option<String> {
    const SCALE: usize = 4;
    let (rows, columns) = screen.size();
    let is_dark = |color: Color, is_ink: bool| match color {
        Color::Default => dark != is_ink,
        Color::Idx(231) => false,
        Color::Idx(16) => true,
        other => panic!("no colour of the code: {other:?}"),
    };
    let pixel = |x: usize, y: usize| {
        let (x, y) = (x / SCALE, y / SCALE);
        let Some(cell) = screen.cell(u16::try_from(y / 2).unwrap(), u16::try_from(x).unwrap()) else {
            return false;
        };
        let inked = match cell.contents() {
            "█" => true,
            "▀" => y % 2 == 0,
            "▄" => y % 2 == 1,
            _ => false,
        };
        let plain = matches!(cell.contents(), "█" | "▀" | "▄" | " " | "");
        let color = if inked { cell.fgcolor() } else { cell.bgcolor() };
        plain && is_dark(color, inked) || !plain && dark
    };
    let (width, height) = (usize::from(columns) * SCALE, usize::from(rows) * 2 * SCALE);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| if pixel(x, y) { 0 } else { 255 });
    let grids = image.detect_grids();
    assert!(grids.len() <= 1, "{} codes at once", grids.len());
    Some(grids.first()?.decode().unwrap().1)
}

/// What a reader reads in a picture's file.
fn read(path: &Path) -> String {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(std::fs::read(path).unwrap()));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let samples = info.color_type.samples();
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[(y * width + x) * samples]);
    image.detect_grids()[0].decode().unwrap().1
}

#[track_caller]
fn sees(terminal: &Terminal, wanted: &str) {
    let begun = std::time::Instant::now();
    loop {
        let screen = terminal.cells();
        if screen.contents().contains("Scan it in WhatsApp") && scan(&screen, true).as_deref() == Some(wanted)
        {
            assert_eq!(scan(&screen, false).as_deref(), Some(wanted), "on a light terminal");
            assert_eq!(screen.contents().matches("Scan it in WhatsApp").count(), 1, "drawn in place");
            return;
        }
        assert!(begun.elapsed().as_secs() < 20, "no {wanted} on\n{}", screen.contents());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn the_cells_of_the_terminal_say_what_the_server_sent_and_are_redrawn_in_place() {
    let codes = ["2@first/AbCdEf0123456789,GhIjKl+/==", "2@second/ZyXw,VuTs", "2@third/after-the-time-out"];
    let (api, _) = server(vec![
        showing(&format!("data:image/png;base64,{}", base64(&picture(codes[0])))),
        showing(&base64(&picture(codes[1]))),
        json!({ "isTimeout": true, "additionalData": { "qrcode": null } }),
        showing(&base64(&picture(codes[2]))),
    ]);
    let home = Home::new();
    let mut terminal = Terminal::of_size(50, 100, &home.against(&api.url, &[&["-v"], &CONNECT[..]].concat()));
    sees(&terminal, codes[0]);
    sees(&terminal, codes[1]);
    assert!(terminal.screen().contains("the QR code is renewed"), "{}", terminal.screen());
    terminal.wait_for("made no QR code in time");
    assert_eq!(scan(&terminal.cells(), true), None, "the old code is gone");
    sees(&terminal, codes[2]);
    let terminal = terminal.end().exits(0);
    assert_eq!(scan(&terminal.cells, true), None);
    assert!(terminal.text.contains("connected") && terminal.text.contains("Toko Kopi"), "{}", terminal.text);
    assert!(!terminal.cells.hide_cursor(), "the cursor is back");
    let asked = api.asked();
    let sent = asked.iter().find(|asked| asked.method == "POST").unwrap();
    let sent: Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!(sent, json!({ "name": "Toko Kopi", "phone": "081234567890" }));
}

#[test]
fn without_colours_it_is_drawn_for_dark_terminals() {
    let (api, _) = server(vec![showing(&base64(&picture("2@plain/cells")))]);
    let home = Home::new();
    let mut command = home.against(&api.url, &CONNECT);
    command.env("NO_COLOR", "1");
    let mut terminal = Terminal::of_size(50, 100, &command);
    terminal.wait_for("Scan it in WhatsApp");
    assert_eq!(scan(&terminal.cells(), true).as_deref(), Some("2@plain/cells"));
    terminal.end().exits(0);
}

#[test]
fn a_picture_that_cannot_be_read_is_saved_and_its_path_given() {
    let picture = &b"GIF89a, no PNG at all"[..];
    let (api, _) = server(vec![showing(&base64(picture))]);
    let home = Home::new();
    let mut terminal = Terminal::of_size(40, 200, &home.against(&api.url, &CONNECT));
    terminal.wait_for("can't read the QR code's picture here (GIF");
    terminal.wait_for("whatsapp-qr.png and scan it there");
    let text = terminal.screen().replace('\n', " ");
    let path = text.split("open ").nth(1).unwrap().split(" and scan").next().unwrap().to_owned();
    assert_eq!(std::fs::read(path).unwrap(), picture);
    terminal.end().exits(0);
}

#[test]
fn what_a_code_would_say_is_drawn_where_it_comes_without_a_picture() {
    let code = "2@raw/AbCdEf0123456789,GhIjKl+/==,MnOp==";
    let (api, _) = server(vec![showing(code), showing(code)]);
    let home = Home::new();
    let terminal = Terminal::of_size(50, 100, &home.against(&api.url, &CONNECT));
    sees(&terminal, code);
    terminal.end().exits(0);
}

#[test]
fn only_what_can_be_scanned_is_called_written() {
    let jpeg = [&[0xff, 0xd8, 0xff, 0xe0][..], b"no JPEG either"].concat();
    let address = "https://cdn.example/canary.png?code=2@canary";
    for (qrcode, says, kept) in [
        ("base64-image".to_owned(), "sent a text that is no base64", None),
        (address.to_owned(), "sent a web address", None),
        (base64(b"canary"), "sent base64 of something that is no picture", None),
        (base64(&jpeg), "picture here (JPEG", Some(&jpeg)),
        (base64(&picture("2@x")[..60]), "picture here (PNG", Some(&picture("2@x")[..60].to_vec())),
    ] {
        let (api, _) = server(vec![showing(&qrcode)]);
        let home = Home::new();
        let run =
            Run::of(home.against(&api.url, &[&CONNECT[..], &["--qr-file", "code.png"]].concat())).exits(0);
        let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(says) && !said.contains("is written") && !said.contains("canary"), "{said}");
        let file = home.dir.path().join("code.png");
        assert_eq!(std::fs::read(file).ok().as_ref(), kept, "{qrcode}");
    }
    let code = "2@raw/AbCdEf0123456789,GhIjKl+/==,MnOp==";
    let (api, _) = server(vec![showing("base64-image"), showing(code)]);
    let home = Home::new();
    let run = Run::of(home.against(&api.url, &[&CONNECT[..], &["--qr-file", "code.png"]].concat())).exits(0);
    assert!(run.stderr.contains("The QR code is written"), "{}", run.stderr);
    assert_eq!(read(&home.dir.path().join("code.png")), code);
}

/// The codes that WhatsApp itself makes are as long.
const LONG: usize = 240;

/// The picture that is shown outside the terminal.
fn saved(home: &Home) -> Option<std::path::PathBuf> {
    home.files().into_keys().find(|path| path.ends_with("whatsapp-qr.png"))
}

#[test]
fn a_code_as_long_as_whatsapps_own_is_drawn_in_80_columns_and_40_rows() {
    let estate = Estate::small("2026", &["--qr-period", "4000"]);
    let mut terminal = Terminal::of_size(40, 80, &estate.command(&CONNECT));
    terminal.wait_for("Refreshes automatically · 4:5");
    let code = scan(&terminal.cells(), true).expect("a code");
    assert!(code.starts_with("2@SANDBOX/") && code.len() == LONG, "{code}");
    assert_eq!(scan(&terminal.cells(), false).as_deref(), Some(&*code), "on a light terminal");
    let drawn = terminal.screen().lines().filter(|line| line.contains(['█', '▀', '▄'])).count();
    assert!((28..=33).contains(&drawn), "{drawn} rows of 33\n{}", terminal.screen());
    assert_eq!(saved(&estate.home), None, "nothing else is needed");
    terminal.end().exits(0);
}

#[test]
fn a_code_that_the_terminal_has_no_room_for_is_a_picture_until_it_has() {
    use std::os::unix::fs::PermissionsExt as _;
    let estate = Estate::small("2026", &["--qr-period", "60000"]);
    let home = &estate.home;
    let mut terminal = Terminal::of_size(20, 60, &with_browser(home, estate.command(&CONNECT)));
    terminal.wait_for("too small for the QR code, which needs 61 columns and 34 rows.");
    terminal.wait_for("left");
    let path = saved(home).expect("a picture");
    let code = read(&path);
    assert!(code.starts_with("2@SANDBOX/") && code.len() == LONG, "{code}");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    until("the desktop shows it", || browser_starts(home).len() == 1);
    assert_eq!(browser_starts(home)[0].lines().next(), path.to_str());
    assert_eq!(scan(&terminal.cells(), true), None);

    terminal.resize(40, 80);
    sees(&terminal, &code);
    assert!(!terminal.screen().contains("too small"), "{}", terminal.screen());
    terminal.resize(20, 60);
    terminal.wait_for("too small for the QR code");
    terminal.wait_for("whatsapp-qr.png");
    assert_eq!(scan(&terminal.cells(), true), None);
    terminal.resize(40, 80);
    sees(&terminal, &code);
    assert_eq!(browser_starts(home).len(), 1, "it is opened once");
    terminal.send("\u{3}");
    terminal.end().exits(130);
    assert!(!path.exists() && !path.parent().unwrap().exists(), "it links a phone, and goes");
}

#[test]
fn the_picture_follows_the_code() {
    let estate = Estate::small("2026", &["--qr-period", "2500"]);
    let mut terminal = Terminal::of_size(24, 80, &estate.command(&CONNECT));
    terminal.wait_for("too small for the QR code");
    let path = saved(&estate.home).expect("a picture");
    let first = read(&path);
    until("the next code", || path.exists() && read(&path) != first);
    terminal.wait_for("connected");
    terminal.end().exits(0);
}

#[test]
fn where_nothing_is_redrawn_the_picture_is_named() {
    let (api, _) = server(vec![showing("2@raw/AbCdEf0123456789,GhIjKl+/==,MnOp=="); 2]);
    let home = Home::new();
    let mut command = home.against(&api.url, &CONNECT);
    command.env("TERM", "dumb");
    let mut terminal = Terminal::of_size(50, 200, &command);
    terminal.wait_for("this terminal can't show the QR code");
    assert_eq!(read(&saved(&home).expect("a picture")), "2@raw/AbCdEf0123456789,GhIjKl+/==,MnOp==");
    let ended = terminal.end().exits(0);
    assert_eq!(ended.text.matches("this terminal can't show").count(), 1, "{}", ended.text);
}

#[test]
fn without_a_terminal_the_file_is_required_and_holds_the_code() {
    for year in YEARS {
        let estate = Estate::small(year, &["--qr-period", "2500"]);
        let run = estate.run(&[&["--json"], &CONNECT[..]].concat()).exits(2);
        assert!(run.error()["hint"].as_str().unwrap().contains("--qr-file"), "{}", run.stderr);
        assert!(estate.requests("POST").is_empty());

        let file = estate.home.dir.path().join("code.png");
        let arguments = [&["--json"], &CONNECT[..], &["--qr-file", "code.png"]].concat();
        let child = estate
            .command(&arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn();
        let mut child = child.unwrap();
        let mut seen: Vec<String> = Vec::new();
        while child.try_wait().unwrap().is_none() {
            if file.exists() {
                let code = read(&file);
                if !seen.contains(&code) {
                    seen.push(code);
                }
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let run = Run::from(child.wait_with_output().unwrap()).exits(0);
        let result = run.json()["results"][0].clone();
        let id = result["_id"].as_str().unwrap();
        assert_eq!(
            run.json(),
            json!({ "kind": "whatsapp-unofficial", "results": [{ "_id": id, "channelId": "081234567890",
                "name": "Toko Kopi", "action": "connected", "error": null }] })
        );
        assert!(seen.len() >= 2, "renewed: {seen:?}");
        assert!(seen.iter().all(|code| code.starts_with(&format!("2@SANDBOX/{id}/"))), "{seen:?}");
        assert!(
            run.stderr.contains("The QR code is written") && run.stderr.contains("renewed"),
            "{}",
            run.stderr
        );
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_phone_that_never_answers_is_a_time_out() {
    let estate = Estate::small("2026", &["--qr-period", "500"]);
    let arguments = [
        "--json",
        "connect",
        "whatsapp",
        "--name",
        "Toko",
        "--phone",
        "0812 3456 0000",
        "--qr-file",
        "c.png",
    ];
    let run = estate.run(&[&arguments[..], &["--timeout", "4"]].concat()).exits(4);
    assert_eq!(run.stderr.matches("made no QR code in time").count(), 1, "{}", run.stderr);
    assert_eq!(run.error()["code"], "timeout");
    let hint = run.error()["hint"].as_str().unwrap().to_owned();
    let channels = estate.channels();
    let id = channels.last().unwrap()["_id"].as_str().unwrap();
    assert!(hint.contains(&format!("disconnect {id}")), "{hint}");
    assert!(hint.contains("run the same command again, which uses the same channel"), "{hint}");
    estate.run(&[&arguments[..], &["--timeout", "2"]].concat()).exits(4);
    assert_eq!(estate.channels().last().unwrap()["_id"], id);
    assert_eq!(estate.channels().len(), channels.len());
}

#[test]
fn numbers_and_names_are_checked_before_anything_is_sent() {
    let estate = Estate::small("2026", &[]);
    for (name, phone, named) in [
        ("Toko", "12345", "--phone"),
        ("Toko", "0812345678901234567", "--phone"),
        ("Toko", "081234567x90", "--phone"),
        ("Toko", "", "--phone"),
        (" ", "081234567890", "--name"),
    ] {
        let arguments = ["connect", "whatsapp", "--name", name, "--phone", phone, "--qr-file", "c.png"];
        let run = estate.run(&arguments).exits(2);
        assert!(run.stderr.contains(named), "{phone}: {}", run.stderr);
    }
    assert!(estate.requests("POST").is_empty());
}

#[test]
fn a_lost_answer_makes_no_second_channel() {
    let fault = "POST /partner/channel/whatsapp-unofficial=lost";
    let estate = Estate::small("2026", &["--qr-period", "200", "--fault", fault]);
    let before = estate.channels().len();
    let run = estate.run(&[&["--json"], &CONNECT[..], &["--qr-file", "c.png"]].concat()).exits(0);
    assert!(run.json()["results"][0]["_id"].is_string());
    assert_eq!(estate.channels().len(), before + 1);
    assert_eq!(estate.requests("POST").values().sum::<usize>(), 1);
}

#[test]
fn the_terminal_is_as_it_was_after_ctrl_c() {
    let looks = vec![showing(&base64(&picture("2@interrupted"))); 20];
    let (api, _) = server(looks);
    let home = Home::new();
    let mut terminal = Terminal::of_size(50, 100, &home.against(&api.url, &CONNECT));
    sees(&terminal, "2@interrupted");
    terminal.send("\u{3}");
    let terminal = terminal.end().exits(130);
    assert_eq!(scan(&terminal.cells, true), None, "{}", terminal.text);
    assert!(!terminal.cells.hide_cursor());
    // The channel is made already: who breaks off learns of it.
    assert!(terminal.text.contains(&format!("socialchat-cli disconnect {ID}")), "{}", terminal.text);
}

#[test]
fn a_failure_amid_the_waiting_says_which_channel_is_left() {
    let api = FakeApi::start(|asked| match (asked.method.as_str(), asked.target.contains("/channel?")) {
        ("POST", _) => Reply::Json(201, json!({ "_id": ID }).to_string()),
        (_, true) => Reply::Json(200, json!({ "docs": [] }).to_string()),
        _ => Reply::Json(403, json!({ "statusCode": 403, "message": "Unauthorized" }).to_string()),
    });
    let home = Home::new();
    let run = Run::of(home.against(&api.url, &[&CONNECT[..], &["--qr-file", "c.png"]].concat())).exits(3);
    let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(&format!("channel {ID} is made and waits for its phone")), "{said}");
    assert!(said.contains(&format!("disconnect {ID}")), "{said}");
}
