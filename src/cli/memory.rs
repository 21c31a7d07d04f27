//! How the program's memory is managed.

/// Keeps what was freed for the next batch. By default glibc gives large arrays back to the system
/// and asks for fresh pages each time, which the system has to fill with zeros: a training step
/// frees and takes hundreds of megabytes.
pub fn keep_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: these calls change numbers that the allocator reads; no other thread runs yet.
    unsafe {
        // One heap, which alone can hold arrays of any size, …
        libc::mallopt(libc::M_ARENA_MAX, 1);
        // … and holds them all. (A high M_MMAP_THRESHOLD would say so too, but many versions refuse
        // more than 32 MiB, see mallopt(3), and then stay at 128 KiB because of the next call.)
        libc::mallopt(libc::M_MMAP_MAX, 0);
        // Nothing of it is given back.
        libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX);
    }
}
