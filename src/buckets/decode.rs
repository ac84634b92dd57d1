//! Objects unpacked: GZIP and ZSTD around a file, known by its first bytes.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

const GZIP: &[u8] = &[0x1F, 0x8B];
/// The mark of a frame; a file may also begin with one that is to be skipped.
const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
const CHUNK: usize = 1 << 16;

/// The content of an object, up to a number of bytes.
pub(super) struct Unpacked<'f> {
    inner: Box<dyn Read + 'f>,
    left: u64,
}

impl<'f> Unpacked<'f> {
    /// Unpacks `file`; more than `limit` bytes are an error of the kind [`io::ErrorKind::FileTooLarge`].
    pub(super) fn new(mut file: impl Read + 'f, limit: u64) -> io::Result<Self> {
        let mut first = Vec::with_capacity(4);
        file.by_ref().take(4).read_to_end(&mut first)?;
        let is_gzip = first.starts_with(GZIP);
        let is_zstd = first.starts_with(ZSTD) || matches!(first[..], [0x50..=0x5F, 0x2A, 0x4D, 0x18]);
        let file = io::Cursor::new(first).chain(file);
        let inner: Box<dyn Read + 'f> = if is_gzip {
            Box::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, file)))
        } else if is_zstd {
            Box::new(Zstd { file: BufReader::with_capacity(CHUNK, file), frame: FrameDecoder::new(), is_open: false })
        } else {
            Box::new(file)
        };
        Ok(Self { inner, left: limit })
    }

    /// How many bytes may still be read.
    pub(super) fn left(&self) -> u64 {
        self.left
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        let left = self.left.checked_sub(len as u64);
        self.left = left.ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        Ok(len)
    }
}

/// The frames of a ZSTD file, one after the other.
struct Zstd<R> {
    file: R,
    frame: FrameDecoder,
    is_open: bool,
}

impl<R: BufRead> Zstd<R> {
    /// Opens the next frame that holds data; false at the end of the file.
    fn open(&mut self) -> io::Result<bool> {
        while !self.file.fill_buf()?.is_empty() {
            match self.frame.reset(&mut self.file) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut self.file.by_ref().take(u64::from(length)), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.is_open {
                self.is_open = self.open()?;
                if !self.is_open {
                    return Ok(0);
                }
            }
            while self.frame.can_collect() == 0 && !self.frame.is_finished() {
                let decoded = self.frame.decode_blocks(&mut self.file, BlockDecodingStrategy::UptoBlocks(1));
                decoded.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            }
            let len = self.frame.read(buffer)?;
            if len > 0 {
                return Ok(len);
            }
            self.is_open = false;
        }
    }
}
