package import SignalProtocol

/// The key under which addresses are counted, in a file of its own beside the database and not in it.
///
/// Processes that count together need the same file. When it is lost, counts start anew, which costs nothing else.
package enum AddressKey {
    package static let fileName = "generator-address.key"

    /// Reads the key from a folder, or makes one that only its owner can read.
    package static func loadOrCreate(inFolder folder: String) throws(KeyFileError) -> SecretBytes {
        try KeyFile.loadOrCreate("\(folder)/\(fileName)", length: 32)
    }
}
