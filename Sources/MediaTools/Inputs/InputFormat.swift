/// What a file is by its first bytes, and the one demuxer of ffmpeg that may read it.
///
/// Nothing is left to be guessed: a playlist or a script that names other files is not among these.
package enum InputFormat: String, Sendable, CaseIterable {
    case jpeg, png, webp, gif, bmp, mp4, matroska, ogg, mp3, wav, flac, adts, amr, avi

    package init?(_ bytes: [UInt8]) {
        func starts(_ text: String, at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).prefix(text.utf8.count).elementsEqual(text.utf8)
        }
        func starts(_ head: [UInt8]) -> Bool { bytes.prefix(head.count).elementsEqual(head) }
        if starts([0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else if starts([0x89, 0x50, 0x4e, 0x47]) {
            self = .png
        } else if starts("RIFF"), starts("WEBP", at: 8) {
            self = .webp
        } else if starts("RIFF"), starts("WAVE", at: 8) {
            self = .wav
        } else if starts("RIFF"), starts("AVI ", at: 8) {
            self = .avi
        } else if starts("GIF8") {
            self = .gif
        } else if starts("BM") {
            self = .bmp
        } else if starts("ftyp", at: 4) {
            self = .mp4
        } else if starts([0x1a, 0x45, 0xdf, 0xa3]) {
            self = .matroska
        } else if starts("OggS") {
            self = .ogg
        } else if starts("fLaC") {
            self = .flac
        } else if starts("#!AMR") {
            self = .amr
        } else if starts("ID3") {
            self = .mp3
        } else if bytes.count > 1, bytes[0] == 0xff, bytes[1] & 0xf6 == 0xf0 {
            self = .adts
        } else if bytes.count > 1, bytes[0] == 0xff, bytes[1] & 0xe0 == 0xe0 {
            self = .mp3
        } else {
            return nil
        }
    }

    var demuxer: String {
        switch self {
        case .jpeg: "jpeg_pipe"
        case .png: "png_pipe"
        case .webp: "webp_pipe"
        case .bmp: "bmp_pipe"
        case .gif: "gif"
        case .mp4: "mov"
        case .matroska: "matroska"
        case .ogg: "ogg"
        case .mp3: "mp3"
        case .wav: "wav"
        case .flac: "flac"
        case .adts: "aac"
        case .amr: "amr"
        case .avi: "avi"
        }
    }

    /// Whether it is one picture that stands still, or a WebP, which is looked at further.
    package var isPicture: Bool {
        switch self {
        case .jpeg, .png, .webp, .bmp: true
        default: false
        }
    }

    package var isMoving: Bool {
        switch self {
        case .gif, .mp4, .matroska, .avi: true
        default: false
        }
    }

    package var hasSound: Bool {
        switch self {
        case .mp4, .matroska, .avi, .ogg, .mp3, .wav, .flac, .adts, .amr: true
        default: false
        }
    }
}
