/// Strings as C takes lists of them: pointers to zero-terminated bytes, ended by nil.
struct CStringArray {
    private let offsets: [Int]
    private let storage: [CChar]

    init(_ strings: [String]) {
        var offsets: [Int] = []
        var storage: [CChar] = []
        for string in strings {
            offsets.append(storage.count)
            storage.append(contentsOf: string.utf8CString)
        }
        self.offsets = offsets
        self.storage = storage
    }

    /// Lends the pointers for the time of the call.
    func withPointers<R>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R) -> R {
        storage.withUnsafeBufferPointer { bytes in
            let pointers = offsets.map { offset in bytes.baseAddress.map { $0 + offset } } + [nil]
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }

    /// Lends the pointers as the calls take them that promise not to write, but are declared otherwise.
    func withMutablePointers<R>(_ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R) -> R {
        var storage = storage
        return storage.withUnsafeMutableBufferPointer { bytes in
            let pointers = offsets.map { offset in bytes.baseAddress.map { $0 + offset } } + [nil]
            return body(pointers)
        }
    }
}
