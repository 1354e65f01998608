internal import HTTPClient
package import WhatsAppWire

extension Session {
    /// As many bytes as a profile picture may have.
    package static let pictureLimit = 5 << 20

    /// Somebody's picture, a group's or the own one; with `knownID` only if it is another.
    package func picture(of jid: JID, isPreview: Bool, knownID: String? = nil) async throws(RequestError)
        -> PictureLookUp
    {
        let token = jid.isPerson ? await token(of: jid) : nil
        do {
            let answer = try await request(
                ProfileRequests.picture(of: jid, isPreview: isPreview, knownID: knownID, token: token)
            )
            return try PictureLookUp(answer: answer)
        } catch .refused(code: 404, _, _) {
            return .none
        } catch .refused(code: 401, _, _), .refused(code: 403, _, _) {
            return .hidden
        }
    }

    /// The bytes of a picture; nil where it cannot be fetched, or is longer than any.
    package func content(of picture: ProfilePicture) async -> [UInt8]? {
        // The sandbox, which has no TLS of its own here, names its addresses as the service does.
        let secure = "https://"
        guard picture.url.hasPrefix(secure) else { return nil }
        let address = "\(environment.service.mediaScheme)://\(picture.url.dropFirst(secure.count))"
        var request = HTTPRequest(.get, address)
        request.responseLimit = Self.pictureLimit
        request.timeout = .seconds(15)
        guard let response = try? await environment.http.send(request), response.status == 200 else { return nil }
        return response.body
    }

    /// Sets the own picture, or a group's: a JPEG of 640 by 640.
    ///
    /// Returns its identifier.
    package func setPicture(_ jpeg: [UInt8], of group: JID? = nil) async throws(RequestError) -> String? {
        guard jpeg.starts(with: [0xff, 0xd8]), jpeg.count <= Self.pictureLimit else {
            throw .invalid(field: "picture", reason: .notAPicture)
        }
        let answer = try await request(ProfileRequests.setPicture(jpeg, group: group))
        return answer.child("picture")?.attributes.text("id")
    }

    package func removePicture(of group: JID? = nil) async throws(RequestError) {
        _ = try await request(ProfileRequests.removePicture(group: group))
    }

    /// Sets what stands under the own name; at most 139 characters, as the apps have it.
    package func setAbout(_ text: String) async throws(RequestError) {
        guard text.utf8.count <= 4_096, text.count <= 139 else {
            throw .invalid(field: "about", reason: .length(0...139))
        }
        _ = try await request(ProfileRequests.setAbout(text))
    }

    /// Sets the timer that new chats start with.
    package func setDefaultTimer(_ timer: DisappearingTimer) async throws(RequestError) {
        _ = try await request(ProfileRequests.setDefaultTimer(timer))
    }

    /// What a business tells of itself; nil for an account that is none.
    package func businessProfile(of jid: JID) async throws(RequestError) -> BusinessProfile? {
        do {
            return try BusinessProfile.read(answer: try await request(ProfileRequests.businessProfile(of: jid)))
        } catch .refused(code: 404, _, _) {
            return nil
        }
    }

    /// The code behind `https://wa.me/qr/CODE` of the own account; the old one is void after `isRenewed`.
    package func contactCode(isRenewed: Bool = false) async throws(RequestError) -> String {
        let answer = try await request(ProfileRequests.contactCode(isRenewed: isRenewed))
        guard let code = answer.child("qr")?.attributes.text("code"), !code.isEmpty else { throw .malformed("qr") }
        return code
    }

    /// Whom the code of a contact link belongs to.
    package func owner(ofContactCode code: String) async throws(RequestError) -> ContactCodeOwner {
        guard !code.isEmpty, code.utf8.count <= 256 else { throw .invalid(field: "code", reason: .notACode) }
        return try ContactCodeOwner(answer: try await request(ProfileRequests.resolveContactCode(code)))
    }
}
