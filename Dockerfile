# The image holds the program, the certificates it needs to trust Slack, and an
# empty folder for the database. Nothing else is in it, not even a shell.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
# With .git, so that the program knows which version it is.
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /cloudimage ./cmd/cloudimage
RUN mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /cloudimage /cloudimage
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
# SQLite puts its temporary files where it can write.
WORKDIR /data
VOLUME /data
# Health checks come from outside the container.
ENV CLOUDIMAGE_DB=/data/cloudimage.db \
    CLOUDIMAGE_LISTEN=:9090
EXPOSE 9090
ENTRYPOINT ["/cloudimage"]
CMD ["serve"]
