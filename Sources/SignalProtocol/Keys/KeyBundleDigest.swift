internal import Crypto

/// What a device and the service compare to learn whether the service still has the device's keys.
package enum KeyBundleDigest {
    /// SHA-1 over the raw keys: identity, signed pre-key, its signature, then the one-time pre-keys in the service's order.
    package static func digest(
        identityKey: [UInt8],
        signedPreKey: [UInt8],
        signature: [UInt8],
        preKeys: some Sequence<[UInt8]>
    ) -> [UInt8] {
        var hash = Insecure.SHA1()
        hash.update(data: identityKey)
        hash.update(data: signedPreKey)
        hash.update(data: signature)
        for key in preKeys { hash.update(data: key) }
        return Array(hash.finalize())
    }
}
