import { t } from "../frame/i18n.js";

/** How a latent space is called on the page. @param {string} name */
export function modelTitle(name) {
  const [, family, numbers, beta] =
    /^(pca|autoencoder|vae|vae_conditional)(?:_(\d+)d)?(?:_beta_([\d.]+))?$/.exec(name) ?? [];
  if (family === "pca") return "PCA";
  if (family === "autoencoder")
    return numbers === "1" ? t("Autoencoder, 1 number") : t("Autoencoder, {numbers} numbers", { numbers });
  if (family === "vae_conditional") return t("VAE given the digit, {numbers} numbers", { numbers });
  if (beta) return t("VAE, {numbers} numbers, β = {beta}", { numbers, beta });
  return family ? t("VAE, {numbers} numbers", { numbers }) : name;
}
