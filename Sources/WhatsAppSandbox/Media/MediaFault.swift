/// Something that goes wrong at the media host.
package enum MediaFault: Sendable, Equatable {
    /// A download is answered with 404.
    case missing
    /// A download comes so slowly: the pause after each 64 KiB.
    case slow(milliseconds: Int)
    /// A byte in the middle of a download is another one.
    case corrupt
    /// A download's connection breaks in the middle.
    case cut
    /// An upload is answered with this status.
    case refuseUpload(status: Int)
    /// The connection of an upload breaks after the first part of the body.
    case cutUpload

    /// The names in the control API.
    static let kinds = [
        "media-missing", "media-slow", "media-corrupt", "media-cut", "media-refuse-upload", "media-cut-upload",
    ]

    var kind: String {
        switch self {
        case .missing: "media-missing"
        case .slow: "media-slow"
        case .corrupt: "media-corrupt"
        case .cut: "media-cut"
        case .refuseUpload: "media-refuse-upload"
        case .cutUpload: "media-cut-upload"
        }
    }
}

extension FaultBoard {
    /// The fault of the next download that has one.
    mutating func takeDownloadFault() -> MediaFault? {
        take(number: nil, device: nil) { fault in
            guard case .media(let fault) = fault else { return nil }
            return switch fault {
            case .missing, .slow, .corrupt, .cut: fault
            case .refuseUpload, .cutUpload: nil
            }
        }
    }

    mutating func takeUploadFault(number: String?) -> MediaFault? {
        take(number: number, device: nil) { fault in
            guard case .media(let fault) = fault else { return nil }
            return switch fault {
            case .missing, .slow, .corrupt, .cut: nil
            case .refuseUpload, .cutUpload: fault
            }
        }
    }
}
