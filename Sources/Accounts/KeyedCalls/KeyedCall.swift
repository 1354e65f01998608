package import Crypto
internal import Foundation

/// A call that its sender has given a key, so that it is done once however often it arrives.
package struct KeyedCall: Sendable, Equatable {
    package static let longestKey = 255

    let keyHash: [UInt8]
    let requestHash: [UInt8]

    /// `key` is what the sender chose: up to 255 printable characters of ASCII.
    ///
    /// `digest` is that of all that the call asks for; two calls with the same one ask for the same.
    package init(key: String, digest: SHA256Digest) throws(KeyedCallError) {
        let bytes = Array(key.utf8)
        guard (1...Self.longestKey).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw .invalidKey
        }
        keyHash = Array(SHA256.hash(data: bytes))
        requestHash = Array(digest)
    }
}

/// Why a call with a key is not done.
package enum KeyedCallError: Error, Equatable {
    case invalidKey
    /// The key came with another call before.
    case otherCall
    /// The first call with the key is not done yet.
    case underWay
    /// The first call with the key was cut short: nobody knows whether it was done.
    case outcomeUnknown
}

/// What a call with a key was answered.
package struct KeptAnswer: Codable, Sendable, Equatable {
    package let status: Int
    package let headers: [String: String]
    package let body: [UInt8]

    package init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
