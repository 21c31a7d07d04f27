//! What the program does with the devices that it finds.

use super::support::{Workplace, arg, epitrack, fail, skipped, succeed};

/// A Vulkan driver that brings down the process that loads it.
const CRASHING_DRIVER: &str =
    "__attribute__((constructor)) static void crash(void) { *(volatile int *)0 = 1; }";

#[cfg(target_os = "linux")]
#[test]
fn a_driver_that_crashes_is_survived() {
    let place = Workplace::new();
    let (source, library, manifest) = (
        place.path("driver.c"),
        place.path("libdriver.so"),
        place.path("driver.json"),
    );
    std::fs::write(&source, CRASHING_DRIVER).unwrap();
    let built = std::process::Command::new("cc")
        .args(["-shared", "-fPIC", "-o", arg(&library), arg(&source)])
        .status();
    if !built.is_ok_and(|status| status.success()) {
        skipped(
            "devices::a_driver_that_crashes_is_survived",
            "no C compiler",
        );
        return;
    }
    let icd = serde_json::json!({
        "file_format_version": "1.0.0",
        "ICD": { "library_path": library, "api_version": "1.3.0" },
    });
    std::fs::write(&manifest, icd.to_string()).unwrap();
    let train = |out: &str, device: &str| {
        let mut arguments = place.train(out);
        *arguments.last_mut().unwrap() = device.to_string();
        let output = epitrack()
            .args(arguments)
            .env("VK_DRIVER_FILES", &manifest)
            .env("VK_ICD_FILENAMES", &manifest)
            .output()
            .unwrap();
        (
            output.status,
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (status, said) = train("auto", "auto");
    assert!(status.success() && said.contains("device: cpu"), "{said}");
    assert!(place.path("auto/run.json").exists());
    // Where there is a loader, it has loaded the driver and crashed; that is said.
    let loaded = std::process::Command::new(env!("CARGO_BIN_EXE_epitrack"))
        .arg("probe-device")
        .env("VK_DRIVER_FILES", &manifest)
        .env("VK_ICD_FILENAMES", &manifest)
        .status()
        .unwrap();
    if loaded.success() {
        skipped(
            "devices::a_driver_that_crashes_is_survived, in part",
            "no Vulkan loader",
        );
    } else {
        assert!(said.contains("the CPU is used"), "{said}");
        let (status, said) = train("wgpu", "wgpu");
        assert!(!status.success() && said.contains("WGPU"), "{said}");
    }
}

#[test]
fn bench_says_how_fast_and_on_what() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bench.json");
    let cpu = ["--device", "cpu", "--batches"];
    let arguments = [&["bench"], &cpu[..], &["2", "--json", arg(&file)]].concat();
    let table = succeed(&arguments);
    let bench: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!(bench["device"].as_str().unwrap().starts_with("cpu ("));
    let results = bench["results"].as_array().unwrap();
    for (result, what) in results.iter().zip(["training", "inference"]) {
        assert_eq!(result["what"], what);
        assert_eq!(result["batch"], 2);
        let (seconds, speed) = (&result["seconds"], &result["pairs_per_second"]);
        let pairs = seconds.as_f64().unwrap() * speed.as_f64().unwrap();
        assert!((pairs - 2.0).abs() < 1e-9, "{result}");
        assert!(table.contains(what), "{table}");
    }
    assert_eq!(results.len(), 2);
    for batch in ["0", "18446744073709551615"] {
        let refused = fail(&[&["bench"], &cpu[..], &[batch]].concat());
        assert!(refused.contains("at least one pair"), "{refused}");
    }
}
