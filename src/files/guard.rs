//! Opening what is ours and nothing else: no symbolic links, no devices, no folders that others made ours.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::error::{Access, FileError, position};
use super::remark::Remark;

/// No file of ours comes near it.
const LIMIT: u64 = 4 << 20;

/// Opens one of our files for reading; `None` where there is none. Refuses symbolic links and whatever isn't a file.
pub fn open(path: &Path) -> Result<Option<File>, FileError> {
    match open_with(path, OpenOptions::new().read(true)) {
        Ok(file) => Ok(Some(file)),
        Err(FileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens one of our files as the options say. Refuses symbolic links and whatever isn't a file.
pub fn open_with(path: &Path, options: &mut OpenOptions) -> Result<File, FileError> {
    refuse_link(path)?;
    let file = options_for_ours(options).open(path).map_err(|source| {
        // The link can have come between the look and the opening; the opening didn't follow it.
        refuse_link(path).err().unwrap_or_else(|| FileError::io(Access::Open, path)(source))
    })?;
    match file.metadata().map_err(FileError::io(Access::LookAt, path))?.is_file() {
        true => Ok(file),
        false => Err(FileError::NotAFile { path: path.to_owned() }),
    }
}

/// The file's text. The memory is overwritten when it goes, since it may hold secrets.
pub fn text(file: &File, path: &Path) -> Result<Zeroizing<String>, FileError> {
    let length = file.metadata().map_err(FileError::io(Access::LookAt, path))?.len();
    // Reserved at once: a buffer that grows leaves copies of itself behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.min(LIMIT) as usize + 1));
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(FileError::io(Access::Read, path))?;
    if bytes.len() as u64 > LIMIT {
        return Err(FileError::TooBig { path: path.to_owned(), limit: LIMIT });
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(error) => {
            let (line, column) = position(&bytes, error.valid_up_to());
            Err(FileError::NotText { path: path.to_owned(), line, column })
        }
    }
}

/// The text of one of our files; `None` where there is none.
#[cfg(test)]
fn read(path: &Path) -> Result<Option<Zeroizing<String>>, FileError> {
    open(path)?.map(|file| text(&file, path)).transpose()
}

/// An error if a symbolic link stands there, dangling or not.
pub fn refuse_link(path: &Path) -> Result<(), FileError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(FileError::Symlink { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// Makes a folder, and what is missing above it, with mode 0700. One that exists is left as it is.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(FileError::io(Access::MakeFolder, path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// An error if a folder isn't ours alone. For those in a place where everybody can make one.
#[cfg(unix)]
pub fn refuse_foreign_folder(path: &Path) -> Result<(), FileError> {
    use std::os::unix::fs::MetadataExt;

    let found = fs::symlink_metadata(path).map_err(FileError::io(Access::LookAt, path))?;
    let is_ours = found.is_dir() && found.uid() == rustix::process::geteuid().as_raw();
    match is_ours && found.mode() & 0o022 == 0 {
        true => Ok(()),
        false => Err(FileError::Foreign { path: path.to_owned() }),
    }
}

/// Windows gives every user a folder of their own for temporary files.
#[cfg(not(unix))]
pub fn refuse_foreign_folder(_path: &Path) -> Result<(), FileError> {
    Ok(())
}

/// Waits until a folder's list of files is on the disk, so that a file just renamed into it survives a power cut.
pub fn sync_folder(path: &Path) -> Result<(), FileError> {
    #[cfg(unix)]
    match File::open(path).and_then(|folder| folder.sync_all()) {
        // Some network file systems know no such thing.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {}
        other => other.map_err(FileError::io(Access::SyncFolder, path))?,
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Finds out who else can get at a file with secrets or its folder, and ends it where it can.
#[cfg(unix)]
pub fn tighten(file: &File, path: &Path) -> Result<Vec<Remark>, FileError> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    let mut remarks = folder_remarks(path);
    let found = file.metadata().map_err(FileError::io(Access::LookAt, path))?;
    let mode = found.mode() & 0o7777;
    if mode & 0o077 != 0 {
        let tightened = file.set_permissions(fs::Permissions::from_mode(0o600)).is_ok();
        remarks.push(Remark::ReadableByOthers { path: path.to_owned(), mode, tightened });
    }
    if let Some(uid) = other_owner(&found) {
        remarks.push(Remark::OwnedByAnother { path: path.to_owned(), uid });
    }
    Ok(remarks)
}

/// Windows gives a file in the user's own folders to that user alone.
#[cfg(not(unix))]
pub fn tighten(_file: &File, _path: &Path) -> Result<Vec<Remark>, FileError> {
    Ok(Vec::new())
}

/// Who else can put other files in the place of this one, there or not yet.
#[cfg(unix)]
pub fn folder_remarks(path: &Path) -> Vec<Remark> {
    use std::os::unix::fs::MetadataExt;

    let Some(folder) = path.parent() else { return Vec::new() };
    let Ok(found) = fs::metadata(folder) else { return Vec::new() };
    let (path, mode) = (folder.to_owned(), found.mode() & 0o7777);
    let owner = other_owner(&found).map(|uid| Remark::FolderOfAnother { path: path.clone(), uid });
    let writable = (mode & 0o022 != 0).then_some(Remark::FolderWritable { path, mode });
    owner.into_iter().chain(writable).collect()
}

#[cfg(not(unix))]
pub fn folder_remarks(_path: &Path) -> Vec<Remark> {
    Vec::new()
}

/// An error if somebody else could have written what stands in the file: it isn't believed.
#[cfg(unix)]
pub fn refuse_of_others(file: &File, path: &Path) -> Result<(), FileError> {
    use std::os::unix::fs::MetadataExt;

    let found = file.metadata().map_err(FileError::io(Access::LookAt, path))?;
    if let Some(uid) = other_owner(&found) {
        return Err(FileError::OfAnother { path: path.to_owned(), uid });
    }
    let mode = found.mode() & 0o7777;
    match mode & 0o022 {
        0 => Ok(()),
        _ => Err(FileError::Writable { path: path.to_owned(), mode }),
    }
}

#[cfg(not(unix))]
pub fn refuse_of_others(_file: &File, _path: &Path) -> Result<(), FileError> {
    Ok(())
}

/// Whether the file has one name alone. What is written into it is seen under every other, which may be somebody else's.
#[cfg(unix)]
pub fn has_one_name(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;

    file.metadata().is_ok_and(|found| found.nlink() == 1)
}

#[cfg(not(unix))]
pub fn has_one_name(_file: &File) -> bool {
    true
}

/// The owner, where it is neither this user nor root, who could do anything anyway.
#[cfg(unix)]
fn other_owner(found: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;

    Some(found.uid()).filter(|uid| *uid != 0 && *uid != rustix::process::geteuid().as_raw())
}

#[cfg(unix)]
fn options_for_ours(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;

    // NONBLOCK: a named pipe in our place is refused, not waited for. On a file it means nothing.
    options.mode(0o600).custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32)
}

#[cfg(not(unix))]
fn options_for_ours(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(&folder.path().join("missing/x")).unwrap().is_none());
    }

    #[test]
    fn what_is_no_text_is_placed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, b"ab\nc\xff").unwrap();
        let error = read(&path).unwrap_err();
        assert!(error.to_string().ends_with("x:2:2: not UTF-8 text"), "{error}");
    }

    #[test]
    fn what_is_too_big_or_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        File::create(&path).unwrap().set_len(LIMIT + 1).unwrap();
        assert!(matches!(read(&path), Err(FileError::TooBig { .. })));
        assert!(read(folder.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "x").unwrap();
        for target in [&*target, Path::new("dangling")] {
            let _ = fs::remove_file(&link);
            std::os::unix::fs::symlink(target, &link).unwrap();
            let error = read(&link).unwrap_err();
            assert!(matches!(&error, FileError::Symlink { path } if *path == link), "{error}");
        }
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert!(matches!(read(&pipe), Err(FileError::NotAFile { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn what_others_can_read_is_tightened_and_told() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, "secret").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o770)).unwrap();
        let file = open(&path).unwrap().unwrap();
        assert_eq!(
            tighten(&file, &path).unwrap(),
            [
                Remark::FolderWritable { path: folder.path().to_owned(), mode: 0o770 },
                Remark::ReadableByOthers { path: path.clone(), mode: 0o644, tightened: true },
            ]
        );
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(tighten(&file, &path).unwrap(), []);
    }
}
